using Microsoft.Extensions.Logging;
using Tweedie.Web.Models;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Endpoints;

/// <summary>What the endpoints share.</summary>
internal sealed class AnswerServices(
    ServedModels models, TweedieWebOptions options, RequestReader reader, Draining draining, ILogger<AnswerServices> log)
{
    public ServedModels Models => models;

    public TweedieWebOptions Options => options;

    public RequestReader Reader => reader;

    public Draining Draining => draining;

    public ILogger Log => log;
}
