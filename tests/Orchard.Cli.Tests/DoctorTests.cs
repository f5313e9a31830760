using System.Text.Json;
using Orchard.Cli.Doctor;
using Orchard.Cli.Doctor.Checks;
using Orchard.Cli.Output;
using Orchard.EndToEnd.Tests;
using Orchard.Hub.Tests.Hosting;
using Orchard.Protocol.Messages.Management;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary><c>orchard doctor</c>: names planted problems, and none where there is none.</summary>
public sealed class DoctorTests(EngineFixture fixture) : IDisposable
{
    private readonly TemporaryRoot _folder = new();
    private readonly TemporaryRoot _home = new();

    public void Dispose()
    {
        _folder.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task NothingPlanted_NoProblemAndATrial()
    {
        CommandRun run = await ExamineAsync(
            [("ORCHARD_CACHE_ROOT", fixture.EngineRoot)], "doctor", "--no-network");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("trial: the starter model", run.Out, StringComparison.Ordinal);
        Assert.Contains($"running engine: process {fixture.Engine.ProcessId}", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("No problems found.\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda: not used: It could not be loaded: libcudart.so.13: cannot open shared object file.", "CUDA 13")]
    [InlineData("cuda: not used: It could not be loaded: libcublas.so.13: cannot open shared object file.", "CUDA 13")]
    [InlineData("cuda: not used: It could not be loaded: libcuda.so.1: cannot open shared object file.", "driver")]
    [InlineData("vulkan: not used: It could not be loaded: libvulkan.so.1: cannot open shared object file.", "Vulkan loader")]
    [InlineData("vulkan: not used: It found no device: there is no GPU or no driver for it.", "docs/gpu.md")]
    public void GpuLibraryNotUsed_TheRemedyNamesWhatIsMissing(string line, string expected) =>
        Assert.Contains(expected, DeviceRemedy.For(line), StringComparison.Ordinal);

    [Fact]
    public async Task EngineMissing() => AssertNames(
        await ExamineAsync([("ORCHARD_ENGINE_PATH", Path.Combine(_folder.Path, "nothing"))]), "engine", "ORCHARD_ENGINE_PATH", "nothing");

    [Fact]
    public async Task EngineNotExecutable()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files are executable by their names.");
        string engine = Path.Combine(_folder.Path, "orchard-engine");
        await File.WriteAllTextAsync(engine, "");

        AssertNames(await ExamineAsync([("ORCHARD_ENGINE_PATH", engine)]), "engine", "chmod +x", engine);
    }

    [Fact]
    public async Task NativeLibrariesMissing() => AssertNames(
        await ExamineAsync([("ORCHARD_NATIVE_PATH", _folder.Path)]), "native libraries", "libllama", _folder.Path, "ORCHARD_NATIVE_PATH");

    [Fact]
    public async Task FolderOthersMayWriteTo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Permissions are not checked.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_111_111);
        }

        AssertNames(await ExamineAsync([("ORCHARD_CACHE_ROOT", _folder.Path)]), "engine folder", "chmod go-w", _folder.Path);
    }

    [Fact]
    public async Task FolderWithAPathTooLongForSockets()
    {
        string folder = Path.Combine(_folder.Path, new string('x', 120));

        AssertNames(await ExamineAsync([("ORCHARD_CACHE_ROOT", folder)]), "engine folder", "bytes long", "shorter path");
    }

    [Fact]
    public async Task FolderThatIsAFile()
    {
        string file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "");

        AssertNames(await ExamineAsync([("ORCHARD_CACHE_ROOT", file)]), "engine folder", file);
    }

    [Fact]
    public async Task NoHomeDirectory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is always a folder for local application data.");

        CommandRun run = await ExamineAsync(
        [
            ("HOME", Path.Combine(_folder.Path, "nowhere")), ("ORCHARD_CACHE_ROOT", null), ("XDG_CACHE_HOME", null),
            ("XDG_RUNTIME_DIR", null), ("HF_HOME", null), ("HF_HUB_CACHE", null),
        ]);

        AssertNames(run, "engine folder", "home directory", "ORCHARD_CACHE_ROOT");
        AssertNames(run, "model cache", "home directory", "HF_HUB_CACHE");
    }

    [Fact]
    public async Task VariablesWithImpossibleValuesAndAMisspelledOne()
    {
        CommandRun run = await ExamineAsync(
        [
            ("ORCHARD_CONTEXT_LENGTH", "many"), ("ORCHARD_KEEP_ALIVE", "5m"), ("ORCHARD_ENGINE_MEMORY_LIMIT", "0"),
            ("ORCHARD_GPU_LAYRS", "1"), ("HTTPS_PROXY", "http://:::"), ("HF_ENDPOINT", "hub.example"),
        ]);

        AssertNames(run, "settings", "ORCHARD_CONTEXT_LENGTH", "a whole number");
        AssertNames(run, "settings", "ORCHARD_KEEP_ALIVE", "a number of seconds");
        AssertNames(run, "settings", "ORCHARD_ENGINE_MEMORY_LIMIT", "from 1");
        AssertNames(run, "settings", "HTTPS_PROXY", "not a valid address");
        AssertNames(run, "model cache", "HF_ENDPOINT", "hub.example");
        JsonElement misspelled = Findings(run, "settings", "warning")
            .Single(finding => finding.GetProperty("message").GetString()!.StartsWith("ORCHARD_GPU_LAYRS", StringComparison.Ordinal));
        Assert.Contains("ORCHARD_GPU_LAYERS", misspelled.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CacheThatCannotBeWritten()
    {
        string file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "");

        AssertNames(await ExamineAsync([("HF_HUB_CACHE", Path.Combine(file, "hub"))]), "model cache", file, "HF_HUB_CACHE");
    }

    [Fact]
    public async Task DamagedModels()
    {
        string snapshot = Path.Combine(_folder.Path, "models--test--Some-GGUF", "snapshots", new string('1', 40));
        Directory.CreateDirectory(snapshot);
        await File.WriteAllTextAsync(Path.Combine(snapshot, "Some-Q8_0.gguf"), "<html>Please log in</html>");

        AssertNames(
            await ExamineAsync([("HF_HUB_CACHE", _folder.Path)]), "stored models", "test/Some-GGUF:Q8_0", "not a GGUF file", "orchard pull");
    }

    [Fact]
    public async Task ModelWithOtherContentThanItsDigest()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Add("test/Some-GGUF", ("Some-Q8_0.gguf", TestModel.Create(20_000)));
        (string, string?)[] environment = [("HF_HUB_CACHE", _folder.Path), ("HF_ENDPOINT", hub.Endpoint.ToString())];
        CommandRun pulled = await CommandProcess.RunAsync([.. Planted(environment)], "pull", "test/Some-GGUF", "--json");
        string path = pulled.Json.GetProperty("path").GetString()!;
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Seek(-1, SeekOrigin.End);
            int last = file.ReadByte();
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte((byte)(last ^ 1));
        }

        Assert.Equal(0, (await ExamineAsync(environment)).ExitCode);
        AssertNames(
            await ExamineAsync(environment, "doctor", "--json", "--no-trial", "--verify-models"), "stored models", "test/Some-GGUF:Q8_0", "digest");
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.SetLength(10_000);
        }

        AssertNames(await ExamineAsync(environment), "stored models", "test/Some-GGUF:Q8_0", "should have");
    }

    [Fact]
    public async Task TokenFileMissing()
    {
        string file = Path.Combine(_folder.Path, "token");

        AssertNames(await ExamineAsync([("HF_TOKEN_PATH", file)]), "hub", file, "HF_TOKEN_PATH");
    }

    [Fact]
    public async Task TokenThatTheHubRefuses()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.OnHub = (context, _) =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer hf_good" ? 200 : 401;
            return Task.FromResult(true);
        };
        (string, string?) endpoint = ("HF_ENDPOINT", hub.Endpoint.ToString());

        AssertNames(
            await ExamineAsync([endpoint, ("HF_TOKEN", "hf_old")], "doctor", "--json", "--no-trial"), "hub", "refuses the token", "HF_TOKEN");
        CommandRun good = await ExamineAsync([endpoint, ("HF_TOKEN", "hf_good")], "doctor", "--json", "--no-trial");
        Assert.Contains("accepts the token", Assert.Single(Findings(good, "hub", "ok")).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HubThatCannotBeReached_IsAWarning()
    {
        CommandRun run = await ExamineAsync([("HF_ENDPOINT", "http://127.0.0.1:9")], "doctor", "--json", "--no-trial");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("HTTPS_PROXY", Assert.Single(Findings(run, "hub", "warning")).GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EngineOfAnotherVersion()
    {
        var identity = new EngineIdentity { ProcessId = Environment.ProcessId, ProtocolVersion = 999, Version = "99.0" };
        ManagementReply reply = ForeignEngine.Ok with { Data = new ManagementReplyData { ClientRegister = identity } };
        await using var engine = new ForeignEngine(_folder.Path, _ => reply);

        AssertNames(await ExamineAsync([("ORCHARD_CACHE_ROOT", _folder.Path)]), "running engine", "999", "orchard stop");
    }

    [Fact]
    public async Task GpuLibraryThatCannotBeLoaded_IsANoteWithTheReason()
    {
        string engine = Path.Combine(AppContext.BaseDirectory, "engine", "native");
        foreach (string library in Directory.GetFiles(engine))
        {
            File.CreateSymbolicLink(Path.Combine(_folder.Path, Path.GetFileName(library)), library);
        }

        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "libggml-cuda.so"), new byte[4096]);

        CommandRun run = await ExamineAsync([("ORCHARD_NATIVE_PATH", _folder.Path)]);

        JsonElement note = Assert.Single(
            Findings(run, "devices", "note"),
            finding => finding.GetProperty("message").GetString()!.StartsWith("cuda: not used", StringComparison.Ordinal));
        Assert.Contains("could not be loaded", note.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("docs/gpu.md", note.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EngineThatHoldsTheLockButDoesNotListen()
    {
        string path = Path.Combine(_folder.Path, "engine.instance.lock");
        await using var held = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        AssertNames(await ExamineAsync([("ORCHARD_CACHE_ROOT", _folder.Path)]), "running engine", path, "End that process");
    }

    [Fact]
    public async Task StalePidFile_IsANote()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "engine.pid"), "999999999\n");

        CommandRun run = await ExamineAsync([("ORCHARD_CACHE_ROOT", _folder.Path)]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("999999999", Assert.Single(Findings(run, "running engine", "note")).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10_000_000, "Problem")]
    [InlineData(2_000_000_000, "Warning")]
    [InlineData(50_000_000_000, "Ok")]
    public async Task DiskWithLittleRoom(long free, string expected)
    {
        var context = new DoctorContext
        {
            Options = new ClientOptions { EngineRoot = _folder.Path, Hub = { CacheDirectory = _folder.Path } },
            FreeBytes = _ => free,
        };

        var findings = new Findings("model cache");
        await new ModelCacheCheck().ExamineAsync(context, findings, TestContext.Current.CancellationToken);

        Finding finding = Assert.Single(findings.All);
        Assert.Equal(expected, finding.Severity.ToString());
        Assert.Contains(_folder.Path, finding.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonElement> Findings(CommandRun run, string subject, string severity) =>
        run.Json.GetProperty("findings").EnumerateArray().Where(finding =>
            finding.GetProperty("subject").GetString() == subject && finding.GetProperty("severity").GetString() == severity);

    private static void AssertNames(CommandRun run, string subject, params string[] parts)
    {
        Assert.Equal(8, run.ExitCode);
        string text = string.Join('\n', Findings(run, subject, "problem").Select(finding =>
            $"{finding.GetProperty("message").GetString()} {(finding.TryGetProperty("remedy", out JsonElement remedy) ? remedy.GetString() : "")}"));
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    private Task<CommandRun> ExamineAsync((string, string?)[] planted, params string[] arguments) => CommandProcess.RunAsync(
        Planted(planted), arguments.Length > 0 ? arguments : ["doctor", "--json", "--no-trial", "--no-network"]);

    // A home directory of the test's own, so that nothing on this machine counts.
    private IEnumerable<(string, string?)> Planted((string, string?)[] planted) =>
    [
        ("HOME", _home.Path), ("ORCHARD_CACHE_ROOT", Path.Combine(_home.Path, "e")), ("HF_HOME", null), ("HF_HUB_CACHE", null), ("HF_TOKEN", null),
        ("HF_TOKEN_PATH", null), ("HF_ENDPOINT", null), ("HF_HUB_OFFLINE", null), ("TRANSFORMERS_OFFLINE", null), ("XDG_CACHE_HOME", null),
        ("HTTPS_PROXY", null), ("https_proxy", null), ("HTTP_PROXY", null), ("http_proxy", null), ("ALL_PROXY", null), ("all_proxy", null),
        .. planted,
    ];
}
