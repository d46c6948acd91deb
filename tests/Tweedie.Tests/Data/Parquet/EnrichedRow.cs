namespace Tweedie.Tests.Data;

/// <summary>A row of ImageNet-1K-VL-Enriched.</summary>
/// <param name="Image">The image file; null with <paramref name="HasStruct"/> is <c>image: {bytes: null}</c>, else <c>image: null</c>.</param>
/// <param name="Label">The label; the labels of all rows are numbers, or all are names.</param>
/// <param name="Caption">The caption.</param>
/// <param name="HasStruct">Whether the struct around the image is there.</param>
internal sealed record EnrichedRow(byte[]? Image, string? Label = null, string? Caption = null, bool HasStruct = true);
