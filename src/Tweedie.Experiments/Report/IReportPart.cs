namespace Tweedie.Experiments.Report;

/// <summary>A part of the page.</summary>
internal interface IReportPart
{
    /// <summary>Its entries in the list of contents.</summary>
    string Contents();

    /// <summary>Its sections.</summary>
    string Body();
}
