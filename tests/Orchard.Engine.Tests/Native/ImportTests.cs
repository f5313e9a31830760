using System.Reflection;
using System.Runtime.InteropServices;
using Orchard.Engine.Native;
using Orchard.Engine.Native.Media;

namespace Orchard.Engine.Tests.Native;

/// <summary>
/// All imports and structs match the C declarations of each supported llama.cpp release. The loader checks neither: an import that lacks a
/// parameter still resolves, and the library reads an arbitrary value for the missing argument.
/// </summary>
public sealed class ImportTests
{
    private static readonly Dictionary<string, Type> Structs = new()
    {
        ["ggml_init_params"] = typeof(LlamaTensorMemory),
        ["ggml_threadpool_params"] = typeof(LlamaThreadPoolParams),
        ["llama_batch"] = typeof(LlamaBatch),
        ["llama_context_params"] = typeof(LlamaContextParams),
        ["llama_model_kv_override"] = typeof(LlamaKeyValueOverride),
        ["llama_model_params"] = typeof(LlamaModelParams),
        ["llama_model_tensor_buft_override"] = typeof(LlamaTensorOverride),
        ["mtmd_context_params"] = typeof(MtmdContextParams),
        ["mtmd_decoder_pos"] = typeof(MtmdDecoderPosition),
        ["mtmd_helper_bitmap_wrapper"] = typeof(MtmdBitmapWrapper),
        ["mtmd_helper_init_opt"] = typeof(MtmdInitOptions),
        ["mtmd_helper_video_init_params"] = typeof(MtmdVideoParams),
        ["mtmd_input_part"] = typeof(MtmdInputPart),
    };

    public static TheoryData<string> Releases => [.. LlamaLibraryFiles.KnownReleases];

    [Theory]
    [MemberData(nameof(Releases))]
    public void Functions_HaveTheParametersOfTheLibrary(string release)
    {
        MethodInfo[] imports = [.. Imports(typeof(LlamaApi)).Concat(Imports(typeof(MtmdApi))).OrderBy(method => method.Name, StringComparer.Ordinal)];

        string[] declared = [.. Declarations(release).Where(lines => lines[0].StartsWith("function ", StringComparison.Ordinal)).Select(WithoutNames)];

        Assert.Equal(declared, imports.Select(Signature));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void Structs_HaveTheFieldsOfTheLibrary(string release)
    {
        string[] declared = [.. Declarations(release).Where(lines => lines[0].StartsWith("struct ", StringComparison.Ordinal)).Select(WithoutNames)];

        Assert.Equal(declared, Structs.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => Layout(entry.Key, entry.Value)));
    }

    [Fact]
    public void Structs_AllAreCompared() => Assert.Equal(
        Structs.Values.Select(type => type.Name).Order(StringComparer.Ordinal),
        typeof(LlamaApi).Assembly.GetTypes()
            .Where(type => type is { IsValueType: true, IsEnum: false, IsNested: false }
                && (type.Namespace == typeof(LlamaApi).Namespace || type.Namespace == typeof(MtmdApi).Namespace))
            .Where(type => !type.GetInterfaces().Any(implemented => implemented.Name.StartsWith("IEquatable", StringComparison.Ordinal))) // a record
            .Select(type => type.Name)
            .Where(name => name.StartsWith("Llama", StringComparison.Ordinal) || name.StartsWith("Mtmd", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Imports_OfTheLibraries_AreAllInOnePlace() => Assert.All(
        typeof(LlamaApi).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<DllImportAttribute>()?.Value is LlamaApi.Llama or LlamaApi.Ggml or LlamaApi.GgmlBase),
        method => Assert.Equal(typeof(LlamaApi), method.DeclaringType));

    [Fact]
    public void LoadedLibrary_IsOfAReleaseWithAList() =>
        Assert.Contains(Releases, release => LlamaLibrary.Load().Version.StartsWith(release.Data, StringComparison.Ordinal));

    private static MethodInfo[] Imports(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Static);

    // One entry per function or struct: a heading line, then one line per parameter or field.
    private static IEnumerable<string[]> Declarations(string release)
    {
        var lines = new List<string>();
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Native", "Data", $"llama-{release}.txt")).Skip(1))
        {
            if (line[0] != ' ' && lines.Count > 0)
            {
                yield return [.. lines];
                lines.Clear();
            }

            lines.Add(line);
        }

        yield return [.. lines];
    }

    // Parameters and fields have different names in managed code.
    private static string WithoutNames(string[] lines) =>
        $"{lines[0]}: {string.Join(", ", lines[1..].Select(line => line.Trim()[..line.Trim().LastIndexOf(' ')]))}".Replace("enum", "int32", StringComparison.Ordinal);

    private static string Signature(MethodInfo import) =>
        $"function {import.Name} {Kind(import.ReturnParameter)}: {string.Join(", ", import.GetParameters().Select(Kind))}";

    private static string Layout(string name, Type type)
    {
        FieldInfo[] fields = [.. type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).OrderBy(field => Offset(type, field))];
        return $"struct {name} {Marshal.SizeOf(type)}: {string.Join(", ", fields.Select(field => $"{Offset(type, field)} {Marshal.SizeOf(field.FieldType)} {Kind(field)}"))}";
    }

    private static int Offset(Type type, FieldInfo field) => (int)Marshal.OffsetOf(type, field.Name);

    private static string Kind(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(bool))
        {
            return parameter.GetCustomAttribute<MarshalAsAttribute>()?.Value == UnmanagedType.U1 ? "bool" : "bool of four bytes";
        }

        return Kind(parameter.ParameterType);
    }

    // A bool of a struct is a byte in managed code, so that the struct needs no marshalling.
    private static string Kind(FieldInfo field) =>
        field.FieldType == typeof(byte) ? "bool" : field.FieldType.IsNested ? "array" : Kind(field.FieldType);

    private static string Kind(Type type) => type switch
    {
        _ when type == typeof(void) => "void",
        _ when type == typeof(int) => "int32",
        _ when type == typeof(uint) => "uint32",
        _ when type == typeof(long) => "int64",
        _ when type == typeof(ulong) || type == typeof(nuint) => "uint64",
        _ when type == typeof(byte) => "uint8",
        _ when type == typeof(float) => "float",
        _ when type == typeof(nint) || type == typeof(string) => "pointer",
        _ when type.IsPointer || type.IsByRef || type.IsFunctionPointer || type.IsUnmanagedFunctionPointer => "pointer",
        _ when typeof(SafeHandle).IsAssignableFrom(type) => "pointer",
        _ => Structs.FirstOrDefault(entry => entry.Value == type).Key ?? type.Name,
    };
}
