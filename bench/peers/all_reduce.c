// Open MPI's sum of a buffer over all processes, in C: mpicc -O3 -o all_reduce all_reduce.c && mpirun -np 2 ./all_reduce NUMBERS ROUNDS
// Prints milliseconds, medians of the rounds: the sum; four copies of the buffer in memory; the sum and then other work on a tenth as many numbers; and both at once.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) { return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b); }

static double median(double *times, int count) { qsort(times, count, sizeof *times, compare); return times[count / 2] * 1e3; }

static void work(float *numbers, size_t count) {
  for (size_t i = 0; i < count; i++)
    numbers[i] = numbers[i] * 0.999f + 1e-3f;
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  size_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000, tenth = count / 10;
  int rounds = argc > 2 ? atoi(argv[2]) : 5, rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  float *buffer = calloc(count, sizeof *buffer), *copy = malloc(count * sizeof *copy), *other = calloc(tenth + 1, sizeof *other);
  memset(copy, 1, count * sizeof *copy);
  double *times[4];
  for (int way = 0; way < 4; way++)
    times[way] = calloc(rounds, sizeof *times[way]);
  for (int round = -1; round < rounds; round++)
    for (int way = 0; way < 4; way++) {
      MPI_Barrier(MPI_COMM_WORLD);
      double start = MPI_Wtime();
      if (way == 0 || way == 2)
        MPI_Allreduce(MPI_IN_PLACE, buffer, (int)count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
      if (way == 1)
        for (int i = 0; i < 2; i++) { memcpy(copy, buffer, count * sizeof *copy); memcpy(buffer, copy, count * sizeof *copy); }
      if (way == 2)
        work(other, tenth);
      if (way == 3) {
        MPI_Request request;
        MPI_Iallreduce(MPI_IN_PLACE, buffer, (int)count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, &request);
        for (size_t begin = 0; begin < tenth; begin += 65536) { // the library goes on only while it is called
          int done;
          work(other + begin, begin + 65536 < tenth ? 65536 : tenth - begin);
          MPI_Test(&request, &done, MPI_STATUS_IGNORE);
        }
        MPI_Wait(&request, MPI_STATUS_IGNORE);
      }
      if (round >= 0)
        times[way][round] = MPI_Wtime() - start;
    }
  if (rank == 0)
    printf("%.3f %.3f %.3f %.3f\n", median(times[0], rounds), median(times[1], rounds), median(times[2], rounds), median(times[3], rounds));
  MPI_Finalize();
  return 0;
}
