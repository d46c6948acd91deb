// Classifies one image with an exported model, and says what that took since the process began: Classify FOLDER IMAGE
using Tweedie.Images;
using Tweedie.Onnx;

using var classifier = OnnxClassifier.Load(args[0]);
foreach (var answer in classifier.Classify(ImageDecoder.DecodeFile(args[1])))
    Console.WriteLine($"{answer.Name}: {answer.Probability:P0}");
Console.WriteLine(Environment.CpuUsage.TotalTime.TotalMilliseconds);
