namespace Tweedie.Formats;

/// <summary>Maps from the names in published weights to our names.</summary>
internal static class WeightMaps
{
    /// <summary>CLIP as OpenAI's <c>CLIP.state_dict()</c> has it.</summary>
    public static WeightMap OpenAiClip { get; } = new("OpenAI's CLIP", "visual.conv1.weight",
    [
        new("visual.conv1", "image.patch_embed.proj"),
        new("visual.class_embedding", "image.cls_token"),
        new("visual.positional_embedding", "image.pos_embed"),
        new("visual.ln_pre", "image.norm_pre"),
        .. OpenAiBlocks("visual.transformer.resblocks", "image.blocks"),
        new("visual.ln_post", "image.norm"),
        new("visual.proj", "image.proj.weight") { IsTransposed = true },
        new("token_embedding", "text.token_embed"),
        new("positional_embedding", "text.pos_embed"),
        .. OpenAiBlocks("transformer.resblocks", "text.blocks"),
        new("ln_final", "text.norm"),
        new("text_projection", "text.proj.weight") { IsTransposed = true },
        // Numbers that OpenAI's published archives carry beside the weights.
        new("input_resolution", null),
        new("context_length", null),
        new("vocab_size", null),
    ]);

    /// <summary>CLIP as Hugging Face's <c>CLIPModel</c> has it.</summary>
    public static WeightMap HuggingFaceClip { get; } = new("Hugging Face's CLIP", "vision_model.embeddings.class_embedding",
    [
        new("vision_model.embeddings.patch_embedding", "image.patch_embed.proj"),
        new("vision_model.embeddings.class_embedding", "image.cls_token"),
        new("vision_model.embeddings.position_embedding.weight", "image.pos_embed"),
        new("vision_model.embeddings.position_ids", null),
        new("vision_model.pre_layrnorm", "image.norm_pre"), // so spelt in published files
        .. HuggingFaceClipBlocks("vision_model.encoder.layers", "image.blocks"),
        new("vision_model.post_layernorm", "image.norm"),
        new("visual_projection", "image.proj"),
        new("text_model.embeddings.token_embedding", "text.token_embed"),
        new("text_model.embeddings.position_embedding.weight", "text.pos_embed"),
        new("text_model.embeddings.position_ids", null),
        .. HuggingFaceClipBlocks("text_model.encoder.layers", "text.blocks"),
        new("text_model.final_layer_norm", "text.norm"),
        new("text_projection", "text.proj"),
    ]);

    /// <summary>The vision Transformer as timm has it: our names, and a class head that is dropped.</summary>
    public static WeightMap TimmVit { get; } = new("timm's ViT", "cls_token", [new("head", null)]);

    /// <summary>The vision Transformer as Hugging Face's <c>ViTForImageClassification</c> has it.</summary>
    public static WeightMap HuggingFaceVit { get; } = CreateHuggingFaceVit("vit.");

    /// <summary>The vision Transformer as Hugging Face's <c>ViTModel</c> has it.</summary>
    public static WeightMap HuggingFaceVitModel { get; } = CreateHuggingFaceVit("");

    private static WeightMap CreateHuggingFaceVit(string root) => new("Hugging Face's ViT", $"{root}embeddings.cls_token",
    [
        new($"{root}embeddings.cls_token", "cls_token"),
        new($"{root}embeddings.mask_token", null),
        new($"{root}embeddings.position_embeddings", "pos_embed"),
        new($"{root}embeddings.patch_embeddings.projection", "patch_embed.proj"),
        new($"{root}encoder.layer.*.layernorm_before", "blocks.*.norm1"),
        .. Stacked($"{root}encoder.layer.*.attention.attention", ["query", "key", "value"], "blocks.*.attn.qkv"),
        new($"{root}encoder.layer.*.attention.output.dense", "blocks.*.attn.proj"),
        new($"{root}encoder.layer.*.layernorm_after", "blocks.*.norm2"),
        new($"{root}encoder.layer.*.intermediate.dense", "blocks.*.mlp.fc1"),
        new($"{root}encoder.layer.*.output.dense", "blocks.*.mlp.fc2"),
        new($"{root}layernorm", "norm"),
        new($"{root}pooler.dense", null),
        new("classifier", null),
    ]);

    private static IEnumerable<WeightRule> OpenAiBlocks(string source, string target) =>
    [
        new($"{source}.*.ln_1", $"{target}.*.norm1"),
        new($"{source}.*.attn.in_proj_weight", $"{target}.*.attn.qkv.weight"),
        new($"{source}.*.attn.in_proj_bias", $"{target}.*.attn.qkv.bias"),
        new($"{source}.*.attn.out_proj", $"{target}.*.attn.proj"),
        new($"{source}.*.ln_2", $"{target}.*.norm2"),
        new($"{source}.*.mlp.c_fc", $"{target}.*.mlp.fc1"),
        new($"{source}.*.mlp.c_proj", $"{target}.*.mlp.fc2"),
    ];

    private static IEnumerable<WeightRule> HuggingFaceClipBlocks(string source, string target) =>
    [
        new($"{source}.*.layer_norm1", $"{target}.*.norm1"),
        .. Stacked($"{source}.*.self_attn", ["q_proj", "k_proj", "v_proj"], $"{target}.*.attn.qkv"),
        new($"{source}.*.self_attn.out_proj", $"{target}.*.attn.proj"),
        new($"{source}.*.layer_norm2", $"{target}.*.norm2"),
        new($"{source}.*.mlp", $"{target}.*.mlp"),
    ];

    private static IEnumerable<WeightRule> Stacked(string source, string[] parts, string target) =>
        parts.Select((part, index) => new WeightRule($"{source}.{part}", target) { Part = index });
}
