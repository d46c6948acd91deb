using NetVips;

namespace Tweedie.Bench;

/// <summary>JPEGs of 500 x 375 pixels, as most of ImageNet's are.</summary>
internal static class Photographs
{
    /// <summary>Smooth structure with a little grain, about as detailed as a photograph: near 50 KB at quality 85. The files lie in one class folder.</summary>
    public static void Make(string folder, int count)
    {
        Directory.CreateDirectory(Path.Combine(folder, "class"));
        for (var i = 0; i < count; i++)
        {
            using var red = Image.Perlin(500, 375, cellSize: 24, seed: i);
            using var green = Image.Perlin(500, 375, cellSize: 60, seed: i + 1000);
            using var blue = Image.Perlin(500, 375, cellSize: 120, seed: i + 2000);
            using var grain = Image.Gaussnoise(500, 375, sigma: 6, mean: 128, seed: i);
            using var picture = (red.Bandjoin(green, blue) * 100 + grain).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
            picture.WriteToFile(Path.Combine(folder, "class", $"{i:D3}.jpg[Q=85]"));
        }
    }
}
