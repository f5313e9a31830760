using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>What the engine can compute on: the processor, and GPUs for which it has a library.</summary>
internal sealed class DeviceCheck : ICheck
{
    private const string Wide = "AVX2";

    private const string Cuda = "Orchard.Engine.Cuda";
    private const string Vulkan = "Orchard.Engine.Vulkan";

    private static readonly (string Name, string[] Kinds, string Packages, Func<bool> Exists)[] Gpus =
    [
        (
            "NVIDIA GPU", ["cuda", "vulkan"], $"{Cuda} or {Vulkan}",
            static () => File.Exists("/dev/nvidiactl") || File.Exists(InSystem("nvcuda.dll"))),
        ("AMD GPU", ["vulkan", "hip"], Vulkan, static () => File.Exists("/dev/kfd") || File.Exists(InSystem("amdhip64.dll"))),
        ("Apple GPU", ["metal"], "Orchard.Engine", OperatingSystem.IsMacOS),
    ];

    public string Subject => "devices";

    public Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        string features = string.Join(", ", Features());
        if (features.Contains(Wide, StringComparison.Ordinal) || AdvSimd.IsSupported)
        {
            findings.Ok($"processor with {features}");
        }
        else
        {
            findings.Warning($"The processor has no {Wide}{(features.Length > 0 ? $", only {features}" : "")}: models are slow on it.");
        }

        if (context.NativeFolder is not { } folder)
        {
            return Task.CompletedTask;
        }

        string[] libraries = [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)];
        HashSet<string> present =
        [
            .. Gpus.SelectMany(static gpu => gpu.Kinds)
                .Where(kind => libraries.Any(file => file.Contains($"ggml-{kind}.", StringComparison.OrdinalIgnoreCase))),
        ];
        foreach ((string name, string[] kinds, string packages, _) in Gpus.Where(gpu => gpu.Exists() && !present.Overlaps(gpu.Kinds)))
        {
            findings.Note(
                $"{name}, not used: the engine has no library for it (ggml-{string.Join(", ggml-", kinds)})",
                $"Models run on the processor. To use the GPU, add the package {packages} to the application.");
        }

        return present.Count > 0 && context.EnginePath is { } engine ? AskAsync(engine, findings, cancellationToken) : Task.CompletedTask;
    }

    // The engine tries out the drivers, which may fail in ways that this process should not.
    private static async Task AskAsync(string engine, Findings findings, CancellationToken cancellationToken)
    {
        foreach (string line in await EngineDevices.AskAsync(engine, cancellationToken).ConfigureAwait(false))
        {
            if (line.Contains(EngineDevices.NotUsed, StringComparison.Ordinal))
            {
                findings.Note(line, DeviceRemedy.For(line));
            }
            else
            {
                findings.Ok(line);
            }
        }
    }

    private static string InSystem(string file) => Path.Combine(Environment.SystemDirectory, file);

    // Asked of the processor, since the properties of a program that is compiled ahead of time say what it was compiled for.
    private static IEnumerable<string> Features()
    {
        if (AdvSimd.IsSupported)
        {
            return ["NEON"];
        }

        if (!X86Base.IsSupported)
        {
            return [];
        }

        int first = X86Base.CpuId(1, 0).Ecx;
        int seventh = X86Base.CpuId(7, 0).Ebx;
        (string Name, bool IsSupported)[] known =
        [
            ("AVX", (first & (1 << 28)) != 0), ("FMA", (first & (1 << 12)) != 0), (Wide, (seventh & (1 << 5)) != 0),
            ("AVX-512", (seventh & (1 << 16)) != 0),
        ];
        return known.Where(static feature => feature.IsSupported).Select(static feature => feature.Name);
    }
}
