namespace Tweedie.Experiments;

/// <summary>How large a reproduction is.</summary>
public enum ScaleKind
{
    /// <summary>Generated images and captions, minutes.</summary>
    Quick,
    /// <summary>Fashion-MNIST and parts of CIFAR-10, Imagenette and Flickr8k, hours on two cores.</summary>
    Small,
    /// <summary>The paper's own: ImageNet and COCO on GPUs.</summary>
    Paper,
}
