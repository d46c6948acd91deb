namespace Tweedie.Models;

/// <summary>The data of a training, as its model's card names them.</summary>
public sealed record TrainingData
{
    /// <summary>The data that the model learned from.</summary>
    public string Train { get; init; } = "";

    /// <summary>How many items there are.</summary>
    public int Items { get; init; }

    /// <summary>What the items are, such as images or rows.</summary>
    public string Unit { get; init; } = "items";

    /// <summary>The data that the evaluations measure on; null where nothing is held out.</summary>
    public string? Held { get; init; }

    /// <summary>How many of them are measured.</summary>
    public int HeldItems { get; init; }

    /// <summary>Where they come from: the training data, of which they were set aside, or a validation part.</summary>
    public DataSplit HeldFrom { get; init; } = DataSplit.Validation;

    /// <summary>The licence of the training data; null where nobody has given it.</summary>
    public string? License { get; init; }
}
