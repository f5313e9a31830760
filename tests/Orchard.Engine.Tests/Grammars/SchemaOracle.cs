using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Grammars;

/// <summary>Validates texts with Python's jsonschema package, in a separate process.</summary>
internal sealed class SchemaOracle : IAsyncDisposable
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.Default, MaxDepth = 2048 };

    private readonly Process _process;

    private SchemaOracle(Process process) => _process = process;

    public static string Data { get; } = Path.Combine(AppContext.BaseDirectory, "Grammars", "Data");

    /// <summary>Starts the process. Skips the test if jsonschema is not installed.</summary>
    public static async Task<SchemaOracle> StartAsync()
    {
        foreach (string python in (string[])["python3", "/usr/bin/python3"])
        {
            if (await TryStartAsync(python) is { } process)
            {
                return new SchemaOracle(process);
            }
        }

        Assert.False(
            Environment.GetEnvironmentVariable("ORCHARD_REQUIRE_JSONSCHEMA") == "1",
            "ORCHARD_REQUIRE_JSONSCHEMA is 1, but python3 with jsonschema is not installed (Debian package python3-jsonschema).");
        Assert.Skip("python3 with jsonschema is not installed (Debian package python3-jsonschema).");
        throw new UnreachableException();
    }

    /// <summary>Returns a problem for each text that is not valid for the schema.</summary>
    public async Task<string[]> FindProblemsAsync(JsonElement schema, IEnumerable<string> texts)
    {
        var request = new JsonObject
        {
            ["schema"] = JsonNode.Parse(schema.GetRawText(), documentOptions: new JsonDocumentOptions { MaxDepth = 2048 }),
            ["texts"] = new JsonArray([.. texts.Select(text => (JsonNode)text)]),
        };
        Task<string?> reply = _process.StandardOutput.ReadLineAsync();
        await _process.StandardInput.WriteLineAsync(request.ToJsonString(OneLine)).OrBroken("jsonschema to take a request");
        await _process.StandardInput.FlushAsync().OrBroken("jsonschema to take a request");
        string answer = await reply.OrBroken("jsonschema to validate") ?? throw new InvalidOperationException("jsonschema ended");
        return JsonSerializer.Deserialize<string[]>(answer)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().OrBroken("jsonschema to end with its input");
        _process.Dispose();
    }

    private static async Task<Process?> TryStartAsync(string python)
    {
        var start = new ProcessStartInfo(python, ["-X", "utf8", "-W", "ignore", Path.Combine(Data, "validate.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        if (await process.StandardOutput.ReadLineAsync().OrBroken("jsonschema to start") is not null)
        {
            return process;
        }

        await process.WaitForExitAsync().OrBroken("python without jsonschema to end");
        process.Dispose();
        return null;
    }
}
