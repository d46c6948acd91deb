using Tweedie.Web;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddTweedieWeb(options => options.Models.Add(new ModelSource("runs/photos")));
var app = builder.Build();
app.MapTweedie();
app.Run();
