namespace Tweedie.Experiments.Exhibits;

/// <summary>A figure, in <c>exhibits/NAME.svg</c> and <c>NAME.png</c>.</summary>
/// <param name="Name">The files' name without ending.</param>
/// <param name="Caption">What it shows.</param>
public sealed record ExhibitFigure(string Name, string Caption);
