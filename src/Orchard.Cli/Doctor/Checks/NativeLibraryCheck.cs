using Orchard.Protocol;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>The native libraries that the engine computes with.</summary>
internal sealed class NativeLibraryCheck : ICheck
{
    private const string PathVariable = "ORCHARD_NATIVE_PATH";
    private const string FolderName = "native";

    private static readonly string[] Required = ["ggml-base.", "ggml.", "llama."];

    public string Subject => "native libraries";

    public Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        string? given = Setting.OfVariable(PathVariable).AbsolutePath();
        string? folder = given ?? (context.EnginePath is { } engine ? Path.Combine(Path.GetDirectoryName(engine)!, FolderName) : null);
        if (folder is null)
        {
            findings.Note("not examined, because there is no engine");
            return Task.CompletedTask;
        }

        string remedy = given is null
            ? "Reinstall orchard: dotnet tool update --global Orchard.Cli"
            : $"Remove {PathVariable}, or set it to a folder with the libraries.";
        if (!Directory.Exists(folder))
        {
            findings.Problem($"The folder '{folder}' of the native libraries does not exist.", remedy);
            return Task.CompletedTask;
        }

        string[] files = [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)];
        string[] missing = [.. Required.Where(start => !files.Any(name => IsLibrary(name, start)))];
        if (missing.Length > 0)
        {
            string names = string.Join(", ", missing.Select(start => $"lib{start.TrimEnd('.')}"));
            findings.Problem($"Native libraries are missing in '{folder}': {names}.", remedy);
            return Task.CompletedTask;
        }

        if (files.FirstOrDefault(name => new FileInfo(Path.Combine(folder, name)).Length == 0) is { } empty)
        {
            findings.Problem($"The file '{Path.Combine(folder, empty)}' is empty.", remedy);
            return Task.CompletedTask;
        }

        context.NativeFolder = folder;
        findings.Ok(folder);
        return Task.CompletedTask;
    }

    private static bool IsLibrary(string name, string start)
    {
        string bare = name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name;
        return bare.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            && Path.GetExtension(name) is ".so" or ".dylib" or ".dll";
    }
}
