namespace Tweedie.Configuration;

/// <summary>Marks an option that a resumed run may change, because the weights that come out do not depend on it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChangeableOnResumeAttribute : Attribute;
