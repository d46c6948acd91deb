using Tweedie.Configuration;
using Tweedie.Sampling;
using Tweedie.Storage;

namespace Tweedie.Models;

/// <summary>The file <c>calibration.json</c> of a classifier's folder.</summary>
internal static class CalibrationFile
{
    private const string Name = "calibration.json";

    /// <summary>The calibration of a folder's weights; null where there is none, or where it belongs to other weights.</summary>
    /// <exception cref="TweedieException">The file is damaged, or the weights cannot be read.</exception>
    public static Calibration? Load(string folder)
    {
        var path = Path.Combine(ModelFolder.Find(folder), Name);
        if (!File.Exists(path))
            return null;
        var calibration = Fault.Of(FaultKind.Model, () => ConfigDocument.Load(path).Bind<Calibration>());
        return calibration.Weights == ModelFolder.HashOf(folder) ? calibration : null;
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="TweedieException">The file cannot be written.</exception>
    public static void Save(string folder, Calibration calibration) => AtomicFile.WriteText(Path.Combine(ModelFolder.Find(folder), Name), ConfigWriter.ToJson(calibration));
}
