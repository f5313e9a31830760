using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>
/// The imported C functions of llama.cpp, under their C names. Call <see cref="LlamaLibrary.Load"/> before any of them. Prefer the handle
/// types, which manage lifetimes. <c>tools/native</c> lists the C declarations that the tests compare with these.
/// </summary>
internal static unsafe partial class LlamaApi
{
    /// <summary>Library name, which <see cref="LlamaLibrary"/> maps to a file whose name has a version.</summary>
    public const string Llama = "llama";

    /// <inheritdoc cref="Llama"/>
    public const string Ggml = "ggml";

    /// <inheritdoc cref="Llama"/>
    public const string GgmlBase = "ggml-base";

    [LibraryImport(Ggml)]
    public static partial void ggml_backend_load_all_from_path(byte* folder);

    [LibraryImport(Ggml)]
    public static partial nint ggml_backend_load(byte* file);

    [LibraryImport(Ggml)]
    public static partial nuint ggml_backend_reg_count();

    [LibraryImport(Ggml)]
    public static partial nint ggml_backend_dev_by_type(int type);

    [LibraryImport(Ggml)]
    public static partial nuint ggml_backend_dev_count();

    [LibraryImport(Ggml)]
    public static partial nint ggml_backend_dev_get(nuint index);

    [LibraryImport(GgmlBase)]
    public static partial byte* ggml_backend_dev_name(nint device);

    [LibraryImport(GgmlBase)]
    public static partial byte* ggml_backend_dev_description(nint device);

    [LibraryImport(GgmlBase)]
    public static partial nint ggml_backend_dev_init(nint device, byte* parameters);

    [LibraryImport(GgmlBase)]
    public static partial nint ggml_backend_dev_buffer_type(nint device);

    [LibraryImport(GgmlBase)]
    public static partial void ggml_backend_free(nint backend);

    [LibraryImport(GgmlBase)]
    public static partial int ggml_backend_dev_type(nint device);

    [LibraryImport(GgmlBase)]
    public static partial void ggml_backend_dev_memory(nint device, nuint* free, nuint* total);

    [LibraryImport(GgmlBase)]
    public static partial nint ggml_backend_cpu_buffer_type();

    [LibraryImport(GgmlBase)]
    public static partial nint ggml_backend_cpu_buffer_from_ptr(void* memory, nuint size);

    [LibraryImport(GgmlBase)]
    public static partial nint ggml_backend_buft_alloc_buffer(nint bufferType, nuint size);

    [LibraryImport(GgmlBase)]
    public static partial void ggml_backend_buffer_clear(nint buffer, byte value);

    [LibraryImport(GgmlBase)]
    public static partial void ggml_backend_buffer_free(nint buffer);

    [LibraryImport(GgmlBase)]
    public static partial void* ggml_backend_buffer_get_base(nint buffer);

    [LibraryImport(GgmlBase)]
    public static partial nint ggml_backend_dev_backend_reg(nint device);

    [LibraryImport(GgmlBase)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ggml_backend_dev_supports_op(nint device, nint tensor);

    [LibraryImport(GgmlBase)]
    public static partial nint ggml_init(LlamaTensorMemory parameters);

    [LibraryImport(GgmlBase)]
    public static partial nint ggml_new_tensor_1d(nint context, int type, long count);

    [LibraryImport(GgmlBase)]
    public static partial void ggml_free(nint context);

    [LibraryImport(GgmlBase)]
    public static partial nint ggml_backend_reg_get_proc_address(nint registry, byte* name);

    [LibraryImport(GgmlBase)]
    public static partial void ggml_threadpool_params_init(out LlamaThreadPoolParams parameters, int threads);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_supports_gpu_offload();

    [LibraryImport(Llama)]
    public static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* userData);

    [LibraryImport(Llama)]
    public static partial void llama_backend_init();

    [LibraryImport(Llama)]
    public static partial byte* llama_version();

    [LibraryImport(Llama)]
    public static partial byte* llama_print_system_info();

    [LibraryImport(Llama)]
    public static partial nuint llama_max_parallel_sequences();

    [LibraryImport(Llama)]
    public static partial nuint llama_max_devices();

    [LibraryImport(Llama)]
    public static partial LlamaModelParams llama_model_default_params();

    [LibraryImport(Llama)]
    public static partial LlamaContextParams llama_context_default_params();

    [LibraryImport(Llama)]
    public static partial nint llama_model_load_from_splits(byte** paths, nuint pathCount, LlamaModelParams parameters);

    [LibraryImport(Llama)]
    public static partial void llama_model_free(nint model);

    [LibraryImport(Llama)]
    public static partial nint llama_model_get_vocab(LlamaHandle model);

    [LibraryImport(Llama)]
    public static partial int llama_model_n_ctx_train(LlamaHandle model);

    [LibraryImport(Llama)]
    public static partial ulong llama_model_n_params(LlamaHandle model);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_model_has_encoder(LlamaHandle model);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_model_has_decoder(LlamaHandle model);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_model_is_recurrent(LlamaHandle model);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_model_is_hybrid(LlamaHandle model);

    [LibraryImport(Llama)]
    public static partial int llama_model_n_embd_out(LlamaHandle model);

    [LibraryImport(Llama)]
    public static partial int llama_model_n_embd_inp(LlamaHandle model);

    [LibraryImport(Llama)]
    public static partial int llama_model_n_swa(LlamaHandle model);

    [LibraryImport(Llama)]
    public static partial uint llama_model_n_cls_out(LlamaHandle model);

    [LibraryImport(Llama)]
    public static partial int llama_vocab_n_tokens(nint vocabulary);

    [LibraryImport(Llama)]
    public static partial int llama_vocab_bos(nint vocabulary);

    [LibraryImport(Llama)]
    public static partial int llama_vocab_eos(nint vocabulary);

    [LibraryImport(Llama)]
    public static partial int llama_vocab_sep(nint vocabulary);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_get_add_bos(nint vocabulary);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_get_add_eos(nint vocabulary);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_get_add_sep(nint vocabulary);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_is_eog(nint vocabulary, int token);

    [LibraryImport(Llama)]
    public static partial int llama_vocab_get_attr(nint vocabulary, int token);

    [LibraryImport(Llama)]
    public static partial byte* llama_vocab_get_text(nint vocabulary, int token);

    [LibraryImport(Llama)]
    public static partial int llama_tokenize(
        nint vocabulary,
        byte* text,
        int textLength,
        int* tokens,
        int tokenCapacity,
        [MarshalAs(UnmanagedType.U1)] bool addSpecial,
        [MarshalAs(UnmanagedType.U1)] bool parseSpecial);

    [LibraryImport(Llama)]
    public static partial int llama_token_to_piece(
        nint vocabulary,
        int token,
        byte* buffer,
        int length,
        int leadingSpacesToSkip,
        [MarshalAs(UnmanagedType.U1)] bool special);

    [LibraryImport(Llama)]
    public static partial int llama_detokenize(
        nint vocabulary,
        int* tokens,
        int tokenCount,
        byte* text,
        int textCapacity,
        [MarshalAs(UnmanagedType.U1)] bool removeSpecial,
        [MarshalAs(UnmanagedType.U1)] bool unparseSpecial);

    [LibraryImport(Llama)]
    public static partial nint llama_init_from_model(LlamaHandle model, LlamaContextParams parameters);

    [LibraryImport(Llama)]
    public static partial void llama_free(nint context);

    [LibraryImport(Llama)]
    public static partial uint llama_n_ctx_seq(LlamaHandle context);

    [LibraryImport(Llama)]
    public static partial uint llama_n_batch(LlamaHandle context);

    [LibraryImport(Llama)]
    public static partial uint llama_n_seq_max(LlamaHandle context);

    [LibraryImport(Llama)]
    public static partial void llama_set_n_threads(LlamaHandle context, int threads, int batchThreads);

    [LibraryImport(Llama)]
    public static partial void llama_attach_threadpool(LlamaHandle context, nint pool, nint batchPool);

    [LibraryImport(Llama)]
    public static partial nint llama_get_memory(LlamaHandle context);

    [LibraryImport(Llama)]
    public static partial void llama_memory_clear(nint memory, [MarshalAs(UnmanagedType.U1)] bool data);

    [LibraryImport(Llama)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_memory_seq_rm(nint memory, int sequence, int from, int to);

    [LibraryImport(Llama)]
    public static partial void llama_memory_seq_cp(nint memory, int source, int destination, int from, int to);

    [LibraryImport(Llama)]
    public static partial int llama_memory_seq_pos_min(nint memory, int sequence);

    [LibraryImport(Llama)]
    public static partial int llama_memory_seq_pos_max(nint memory, int sequence);

    [LibraryImport(Llama)]
    public static partial nuint llama_state_seq_get_size_ext(LlamaHandle context, int sequence, uint flags);

    [LibraryImport(Llama)]
    public static partial nuint llama_state_seq_get_data_ext(LlamaHandle context, nint state, nuint size, int sequence, uint flags);

    [LibraryImport(Llama)]
    public static partial nuint llama_state_seq_set_data_ext(LlamaHandle context, nint state, nuint size, int sequence, uint flags);

    [LibraryImport(Llama, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint llama_adapter_lora_init(LlamaHandle model, string path);

    [LibraryImport(Llama)]
    public static partial int llama_set_adapters_lora(LlamaHandle context, nint* adapters, nuint count, float* scales);

    [LibraryImport(Llama)]
    public static partial void llama_set_causal_attn(LlamaHandle context, [MarshalAs(UnmanagedType.U1)] bool isCausal);

    [LibraryImport(Llama)]
    public static partial int llama_decode(LlamaHandle context, LlamaBatch batch);

    [LibraryImport(Llama)]
    public static partial float* llama_get_logits_ith(LlamaHandle context, int index);

    [LibraryImport(Llama)]
    public static partial float* llama_get_embeddings_seq(LlamaHandle context, int sequence);

    [LibraryImport(Llama)]
    public static partial int llama_pooling_type(LlamaHandle context);
}
