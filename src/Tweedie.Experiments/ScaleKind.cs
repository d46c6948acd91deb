namespace Tweedie.Experiments;

/// <summary>How large a reproduction is.</summary>
public enum ScaleKind
{
    /// <summary>Generated images and captions, minutes.</summary>
    Quick,
    /// <summary>Fashion-MNIST and parts of CIFAR-10, Imagenette and Flickr8k, hours on two cores.</summary>
    Small,
    /// <summary>Heads on features of a frozen ResNet-18, of Imagenette and a part of CIFAR-10, with many seeds; less than two hours on two cores.</summary>
    Features,
    /// <summary>CIFAR-10 (a part) and Fashion-MNIST from scratch, until each method has peaked; many hours on two cores.</summary>
    Convergence,
    /// <summary>Where iterating can help: labels, attributes, sentences and puzzles; hours on two cores.</summary>
    Iterating,
    /// <summary>The paper's own: ImageNet and COCO on GPUs.</summary>
    Paper,
}
