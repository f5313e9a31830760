using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Cli.Output;

/// <summary>The JSON that the commands print and save.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(SnakeCaseConverter<ContextLimit>),
        typeof(SnakeCaseConverter<EmbeddingPooling>),
        typeof(SnakeCaseConverter<FinishReason>),
        typeof(SnakeCaseConverter<MessageRole>),
        typeof(SnakeCaseConverter<ModelState>),
        typeof(SnakeCaseConverter<Severity>),
    ])]
[JsonSerializable(typeof(AnswerOutput))]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(CacheOutput))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(EmbeddingsOutput))]
[JsonSerializable(typeof(EngineOutput))]
[JsonSerializable(typeof(ModelOutput))]
[JsonSerializable(typeof(DeletedOutput[]))]
[JsonSerializable(typeof(StoppedOutput))]
[JsonSerializable(typeof(StoredModelOutput))]
[JsonSerializable(typeof(StoredModelOutput[]))]
[JsonSerializable(typeof(RepositoryModelOutput[]))]
[JsonSerializable(typeof(SavedConversation))]
[JsonSerializable(typeof(float[]))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Indented, with letters of all languages as they are.</summary>
    public static CliJson Readable => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>On one line.</summary>
    public static CliJson Compact => field ??= new(new JsonSerializerOptions(Default.Options) { WriteIndented = false });
}
