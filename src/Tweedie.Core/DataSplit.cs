namespace Tweedie;

/// <summary>Which part of a data set is meant.</summary>
public enum DataSplit
{
    /// <summary>The part models learn from.</summary>
    Train,
    /// <summary>The part that results are reported on.</summary>
    Test,
    /// <summary>The part that models and settings are chosen on: a validation part beside a test part. Alone, a validation part is the test split.</summary>
    Validation,
}
