namespace Tweedie.Models;

/// <summary>A class that an image may show.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Probability">Its probability, calibrated where the model is calibrated for the setting.</param>
public sealed record ClassAnswer(string Name, double Probability)
{
    /// <summary>The class's number, 0..K−1.</summary>
    public int Class { get; init; }

    /// <summary>The probability as the model gives it, before calibration.</summary>
    public double Uncalibrated { get; init; }

    /// <summary>The standard deviation between independent draws of the probability that the model gives; 0 for one draw.</summary>
    public double Deviation { get; init; }

    /// <summary>Whether the model is calibrated for the setting.</summary>
    public bool IsCalibrated { get; init; }
}
