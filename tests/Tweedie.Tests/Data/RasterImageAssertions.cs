using Tweedie.Images;

namespace Tweedie.Tests.Data;

internal static class RasterImageAssertions
{
    /// <summary>Asserts the same shape and the same pixels.</summary>
    public static void ShouldEqual(this RasterImage image, RasterImage expected, string because = "")
    {
        image.Shape.Should().Be(expected.Shape, because);
        image.Pixels.ToArray().Should().Equal(expected.Pixels.ToArray(), because);
    }
}
