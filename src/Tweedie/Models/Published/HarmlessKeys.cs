namespace Tweedie.Models;

/// <summary>Keys of published config files that do not change what a model computes from an image or a text.</summary>
internal static class HarmlessKeys
{
    /// <summary>Keys that any config of Hugging Face's may have: names, versions, labels, training, and the generation of texts.</summary>
    public static readonly HashSet<string> HuggingFace =
    [
        "_attn_implementation", "_attn_implementation_autoset", "_commit_hash", "_name_or_path", "add_cross_attention", "architectures", "bad_words_ids",
        "begin_suppress_tokens", "bos_token_id", "chunk_size_feed_forward", "cross_attention_hidden_size", "decoder_start_token_id", "diversity_penalty",
        "do_sample", "dtype", "early_stopping", "encoder_no_repeat_ngram_size", "exponential_decay_length_penalty", "finetuning_task", "forced_bos_token_id",
        "forced_eos_token_id", "id2label", "is_decoder", "is_encoder_decoder", "label2id", "length_penalty", "max_length", "min_length",
        "no_repeat_ngram_size", "num_beam_groups", "num_beams", "num_labels", "num_return_sequences", "output_attentions", "output_hidden_states",
        "output_scores", "pad_token_id", "prefix", "problem_type", "pruned_heads", "remove_invalid_values", "repetition_penalty", "return_dict",
        "return_dict_in_generate", "sep_token_id", "suppress_tokens", "task_specific_params", "temperature", "tf_legacy_loss", "tie_encoder_decoder",
        "tie_word_embeddings", "tokenizer_class", "top_k", "top_p", "torch_dtype", "torchscript", "transformers_version", "typical_p", "use_bfloat16", "use_cache",
    ];

    /// <summary>Dropout and initial values, which only a training from scratch uses.</summary>
    public static readonly HashSet<string> Training =
    [
        "attention_dropout", "attention_probs_dropout_prob", "dropout", "hidden_dropout_prob", "initializer_factor", "initializer_range",
        "logit_scale_init_value", "logit_scale",
    ];

    /// <summary>Parts of a Hugging Face ViT behind its tokens, and what its weights tell by themselves.</summary>
    public static readonly HashSet<string> VitHead = ["encoder_stride", "pooler_act", "pooler_output_size", "qkv_bias"];

    /// <summary>A timm model's name and classes.</summary>
    public static readonly HashSet<string> Timm = ["architecture", "num_classes", "num_features", "tags"];

    /// <summary>Arguments of timm's ViT for training, for classes, and those that the names of the weights tell.</summary>
    public static readonly HashSet<string> TimmArguments =
    [
        "attn_drop_rate", "class_token", "drop_path_rate", "drop_rate", "dynamic_img_size", "fix_init", "init_values", "num_classes", "patch_drop_rate",
        "pos_drop_rate", "pre_norm", "proj_bias", "proj_drop_rate", "qk_norm", "qkv_bias", "reg_tokens", "weight_init",
    ];

    /// <summary>Where a timm model comes from, its head, and settings for other uses than the usual one.</summary>
    public static readonly HashSet<string> TimmPretrained =
    [
        "architecture", "classifier", "custom_load", "file", "first_conv", "fixed_input_size", "hf_hub_filename", "hf_hub_id", "label_descriptions", "label_names",
        "license", "min_input_size", "notes", "num_classes", "origin_url", "paper_ids", "paper_name", "pool_size", "source", "state_dict", "tag", "test_crop_pct",
        "test_input_size", "url",
    ];
}
