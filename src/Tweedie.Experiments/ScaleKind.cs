namespace Tweedie.Experiments;

/// <summary>How large a reproduction is.</summary>
public enum ScaleKind
{
    /// <summary>Generated images, minutes.</summary>
    Quick,
    /// <summary>Fashion-MNIST and CIFAR-10, hours on two cores.</summary>
    Small,
    /// <summary>The paper's own: ImageNet on GPUs.</summary>
    Paper,
}
