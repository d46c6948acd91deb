// A stand-in for NCCL and for the few functions of CUDA's driver that are used with it, over plain memory of one process. Each rank is a thread with a device of
// its own. Like the real library with "blocking = 0", a call only notes what to do: it is begun when its state has been asked for a few times, and the stream is
// idle when all ranks have begun it and its numbers are there.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANKS = 8, SUCCESS = 0, INVALID_ARGUMENT = 4, INVALID_USAGE = 5, REMOTE_ERROR = 6, IN_PROGRESS = 7, CUDA_NOT_READY = 600, CUDA_INVALID = 1 };
enum { SUM = 1, BROADCAST, GATHER };
typedef struct { char internal[128]; } ncclUniqueId;
typedef struct { size_t size; unsigned magic, version; int blocking; } Config;
typedef struct { int kind, type; const void *from; void *to; size_t count; } Work;
typedef struct { char identity[128]; int size, joined, begun, finished, left, error; long done; Work work[RANKS]; } Group;
typedef struct { Group *group; int rank, device, polls; long begun; Work next; int has_next, is_finished; } Communicator;
typedef struct { char name[40]; int code, calls; } Function;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Function functions[40];
static Communicator *on_device[RANKS];
static Group *groups[64];
static int devices[RANKS]; // the address of an element is a context
static int identities;
static _Thread_local int *current[4];
static _Thread_local int depth;

static Function *function(const char *name) {
  int i = 0;
  while (functions[i].name[0] && strcmp(functions[i].name, name)) i++;
  if (!functions[i].name[0]) strncpy(functions[i].name, name, 39);
  return &functions[i];
}

// Counts a call, and returns the code that a test has set for it once.
static int called(const char *name) {
  Function *f = function(name);
  int code = f->code;
  f->calls++;
  f->code = 0;
  return code;
}

#define BEGIN(name) pthread_mutex_lock(&lock); int result = called(name); if (result) { pthread_mutex_unlock(&lock); return result; }
#define END(code) do { result = (code); pthread_mutex_unlock(&lock); return result; } while (0)

void fake_fail(const char *name, int code) { pthread_mutex_lock(&lock); function(name)->code = code; pthread_mutex_unlock(&lock); }
int fake_calls(const char *name) { pthread_mutex_lock(&lock); int calls = function(name)->calls; pthread_mutex_unlock(&lock); return calls; }
void fake_reset(void) {
  pthread_mutex_lock(&lock);
  memset(functions, 0, sizeof functions);
  memset(on_device, 0, sizeof on_device);
  memset(groups, 0, sizeof groups);
  unsetenv("NCCL_COMM_ID");
  pthread_mutex_unlock(&lock);
}

static float number(uint16_t half) { uint32_t bits = (uint32_t)half << 16; float value; memcpy(&value, &bits, 4); return value; }
static uint16_t half(float value) { uint32_t bits; memcpy(&bits, &value, 4); return (uint16_t)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16); }

static void work(Group *group) {
  Work first = group->work[0];
  for (int rank = 1; rank < group->size; rank++)
    if (group->work[rank].kind != first.kind || group->work[rank].type != first.type || group->work[rank].count != first.count) { group->error = INVALID_USAGE; return; }
  size_t width = first.type == 7 ? 4 : first.type == 9 ? 2 : first.type == 1 ? 1 : 0;
  if (width == 0) { group->error = INVALID_ARGUMENT; return; }
  char *all = malloc(width * first.count * group->size + 1);
  if (first.kind == SUM) {
    for (size_t i = 0; i < first.count; i++)
      if (first.type == 7) {
        float sum = ((const float *)first.from)[i];
        for (int rank = 1; rank < group->size; rank++) sum += ((const float *)group->work[rank].from)[i];
        ((float *)all)[i] = sum;
      } else {
        uint16_t sum = ((const uint16_t *)first.from)[i];
        for (int rank = 1; rank < group->size; rank++) sum = half(number(sum) + number(((const uint16_t *)group->work[rank].from)[i]));
        ((uint16_t *)all)[i] = sum;
      }
  } else {
    for (int rank = 0; rank < (first.kind == GATHER ? group->size : 1); rank++)
      memcpy(all + rank * width * first.count, group->work[rank].from, width * first.count);
  }
  for (int rank = 0; rank < group->size; rank++)
    memcpy(group->work[rank].to, all, width * first.count * (first.kind == GATHER ? group->size : 1));
  free(all);
  group->done++;
}

static int begin(Communicator *communicator, Work next) {
  if (!depth || current[depth - 1] != &devices[communicator->device]) return 1; // unhandled cuda error: another device is current
  communicator->next = next;
  communicator->has_next = 1;
  communicator->polls = 3;
  return IN_PROGRESS;
}

int ncclGetVersion(int *version) { BEGIN("ncclGetVersion") *version = 21403; END(SUCCESS); }

int ncclGetUniqueId(ncclUniqueId *identity) {
  BEGIN("ncclGetUniqueId")
  memset(identity, 0, sizeof *identity);
  const char *address = getenv("NCCL_COMM_ID");
  if (address) strncpy(identity->internal, address, 127); else sprintf(identity->internal, "fake %d", ++identities);
  END(SUCCESS);
}

int ncclCommInitRankConfig(Communicator **communicator, int size, ncclUniqueId identity, int rank, Config *config) {
  BEGIN("ncclCommInitRankConfig")
  if (config->size != 24 || config->magic != 0xcafebeef || config->version != 21400 || config->blocking || rank < 0 || rank >= size || size > RANKS) END(INVALID_ARGUMENT);
  if (!depth) END(1);
  Group *group = NULL;
  for (int i = 0; i < 64 && !group; i++) {
    if (!groups[i]) { groups[i] = calloc(1, sizeof(Group)); memcpy(groups[i]->identity, identity.internal, 128); groups[i]->size = size; }
    if (!memcmp(groups[i]->identity, identity.internal, 128) && !groups[i]->left) group = groups[i];
  }
  *communicator = calloc(1, sizeof(Communicator));
  (*communicator)->group = group;
  (*communicator)->rank = rank;
  (*communicator)->device = (int)(current[depth - 1] - devices);
  on_device[(*communicator)->device] = *communicator;
  group->joined++;
  END(IN_PROGRESS);
}

int ncclAllReduce(const void *from, void *to, size_t count, int type, int op, Communicator *communicator, void *stream) {
  BEGIN("ncclAllReduce")
  END(op || stream ? INVALID_ARGUMENT : begin(communicator, (Work){ SUM, type, from, to, count }));
}

int ncclBroadcast(const void *from, void *to, size_t count, int type, int root, Communicator *communicator, void *stream) {
  BEGIN("ncclBroadcast")
  END(root || stream ? INVALID_ARGUMENT : begin(communicator, (Work){ BROADCAST, type, from, to, count }));
}

int ncclAllGather(const void *from, void *to, size_t count, int type, Communicator *communicator, void *stream) {
  BEGIN("ncclAllGather")
  END(stream ? INVALID_ARGUMENT : begin(communicator, (Work){ GATHER, type, from, to, count }));
}

int ncclCommGetAsyncError(Communicator *communicator, int *state) {
  BEGIN("ncclCommGetAsyncError")
  Group *group = communicator->group;
  *state = group->error;
  if (!*state && function("asynchronous error")->code) *state = called("asynchronous error");
  if (!*state && group->joined < group->size) *state = IN_PROGRESS;
  if (!*state && communicator->has_next) {
    *state = IN_PROGRESS;
    if (--communicator->polls == 0) {
      communicator->has_next = 0;
      communicator->begun++;
      group->work[communicator->rank] = communicator->next;
      if (++group->begun == group->size) { group->begun = 0; work(group); }
    }
  }
  if (!*state && communicator->is_finished && group->finished < group->size) *state = IN_PROGRESS;
  END(SUCCESS);
}

int ncclCommFinalize(Communicator *communicator) {
  BEGIN("ncclCommFinalize")
  communicator->is_finished = 1;
  communicator->group->finished++;
  END(IN_PROGRESS);
}

int ncclCommDestroy(Communicator *communicator) {
  BEGIN("ncclCommDestroy")
  if (!communicator->is_finished) END(INVALID_USAGE);
  communicator->group->left++;
  on_device[communicator->device] = NULL;
  free(communicator);
  END(SUCCESS);
}

int ncclCommAbort(Communicator *communicator) {
  BEGIN("ncclCommAbort")
  if (!communicator->group->error) communicator->group->error = REMOTE_ERROR;
  communicator->group->left++;
  on_device[communicator->device] = NULL;
  free(communicator);
  END(SUCCESS);
}

const char *ncclGetErrorString(int code) {
  return code == INVALID_USAGE ? "invalid usage" : code == INVALID_ARGUMENT ? "invalid argument" : code == REMOTE_ERROR ? "remote process exited" : "unhandled cuda error";
}

int cuInit(unsigned flags) { BEGIN("cuInit") END(flags ? CUDA_INVALID : 0); }
int cuDeviceGet(int *device, int number) { BEGIN("cuDeviceGet") *device = number; END(number < 0 || number >= RANKS ? 101 : 0); }
int cuDevicePrimaryCtxRetain(int **context, int device) { BEGIN("cuDevicePrimaryCtxRetain") *context = &devices[device]; END(0); }
int cuDevicePrimaryCtxRelease_v2(int device) { BEGIN("cuDevicePrimaryCtxRelease") (void)device; END(0); }
int cuCtxPushCurrent_v2(int *context) { BEGIN("cuCtxPushCurrent") if (depth == 4) END(CUDA_INVALID); current[depth++] = context; END(0); }
int cuCtxPopCurrent_v2(int **context) { BEGIN("cuCtxPopCurrent") if (!depth) END(CUDA_INVALID); *context = current[--depth]; END(0); }

int cuStreamQuery(void *stream) {
  BEGIN("cuStreamQuery")
  if (stream || !depth) END(CUDA_INVALID);
  Communicator *communicator = on_device[current[depth - 1] - devices];
  END(communicator && communicator->begun > communicator->group->done ? CUDA_NOT_READY : 0);
}

int cuGetErrorString(int code, const char **text) { *text = code == 719 ? "unspecified launch failure" : NULL; return 0; }
