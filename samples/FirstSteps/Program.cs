using FirstSteps;
using Tweedie;

// Uses the models in the current folder: model (a classifier), captioner, generator and clip; "train" makes the first one.
const string Usage = """
    train      train a classifier on the sample's own images, into the folder model
    classify   name what cat.png shows
    watch      the same, step by step
    upload     the same for bytes of a stranger, with limits
    caption    caption cat.png
    generate   write two texts
    parts      a schedule and a decoded image, which need no model
    host       the models as services, a chat client and an embedding generator
    """;

try
{
    switch (args)
    {
        case ["train"]:
            await Training.RunAsync();
            return 0;
        case ["classify"]:
            Answers.Classify();
            return 0;
        case ["watch"]:
            await Answers.WatchAsync();
            return 0;
        case ["upload"]:
            await Answers.UploadAsync();
            return 0;
        case ["caption"]:
            Answers.Caption();
            return 0;
        case ["generate"]:
            Answers.Generate();
            return 0;
        case ["parts"]:
            Answers.Parts();
            return 0;
        case ["host"]:
            await Hosting.RunAsync();
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (TweedieException error)
{
    Console.Error.WriteLine($"error: {error.Message}");
    return 1;
}
