using System.Diagnostics;
using System.Reflection;
using Orchard.TestSupport;

namespace Orchard.Server.Tests.Sessions;

/// <summary>Clients for Node.js: installs their pinned versions once, and runs their sessions.</summary>
public sealed class NodeClients : IAsyncLifetime
{
    private const string RequiredVariable = "ORCHARD_REQUIRE_NODE";

    private static readonly string[] Files = ["package.json", "package-lock.json", ".npmrc"];

    private static readonly SemaphoreSlim Installing = new(1); // test classes run side by side

    private string _folder = "";

    public async ValueTask InitializeAsync()
    {
        if (!await ExistsAsync("node"))
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable(RequiredVariable) != "1", "Node.js is not installed.");
        }

        await Installing.WaitAsync().OrBroken("the installation of the clients by another class");
        try
        {
            await InstallAsync();
        }
        finally
        {
            Installing.Release();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Returns the content of a file of an installed package.</summary>
    public Task<string> ReadAsync(string package, string file) =>
        File.ReadAllTextAsync(Path.Combine(_folder, "node_modules", package, file));

    /// <summary>Runs a session, and returns what it printed.</summary>
    public Task<string> RunSessionAsync(string client, Uri server, string embedder) =>
        RunAsync("node", "session.mjs", client, server.ToString(), embedder);

    private async Task InstallAsync()
    {
        string source = Path.Combine(Root("RepositoryRoot"), "tests", "Orchard.Server.Tests", "clients");
        _folder = Path.Combine(Root("RepositoryRoot"), "artifacts", "server-clients");
        Directory.CreateDirectory(_folder);
        string stamp = Path.Combine(_folder, "installed");
        string wanted = string.Concat(Files.Select(name => File.ReadAllText(Path.Combine(source, name))));
        bool isInstalled = File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted;
        foreach (string file in Directory.GetFiles(source, "*.mjs").Concat(Files.Select(name => Path.Combine(source, name))))
        {
            string target = Path.Combine(_folder, Path.GetFileName(file));
            if (!File.Exists(target) || await File.ReadAllTextAsync(target) != await File.ReadAllTextAsync(file))
            {
                File.Copy(file, target, overwrite: true); // not while a session of another class reads it
            }
        }

        if (!isInstalled)
        {
            await RunAsync("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
            await File.WriteAllTextAsync(stamp, wanted);
        }
    }

    private static string Root(string key) => typeof(NodeClients).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;

    private static async Task<bool> ExistsAsync(string program)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(Limits.Broken));
        bool hasEnded = process.HasExited;
        if (!hasEnded)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().OrBroken($"the end of {program} after it was killed");
        }

        Assert.True(hasEnded, $"{program} {string.Join(' ', arguments)} did not end:\n{await output}{await errors}");
        Assert.True(process.ExitCode == 0, $"{await output}{await errors}");
        return await output;
    }
}
