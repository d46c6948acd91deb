using Tweedie.Platform;
using Tweedie.Web;

NativeHeap.KeepFreedMemory(); // before anything else: batches of images can take a third of the time
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddTweedieWeb(options => options.Models.Add(new ModelSource("runs/photos")));
var app = builder.Build();
app.MapTweedie();
app.Run();
