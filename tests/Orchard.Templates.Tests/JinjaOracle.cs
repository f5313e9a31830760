using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Templates.Tests;
using Orchard.TestSupport;

[assembly: AssemblyFixture(typeof(JinjaOracle))]

namespace Orchard.Templates.Tests;

/// <summary>Python's jinja2 in one long-lived process, started by the first test that needs it.</summary>
public sealed class JinjaOracle : IAsyncDisposable
{
    /// <summary>The current time in templates, for jinja2 and for the interpreter.</summary>
    public static readonly DateTimeOffset Now = new(2024, 7, 26, 9, 5, 3, TimeSpan.Zero);

    /// <summary>The folder of the templates and conversations.</summary>
    public static readonly string Data = Path.Combine(AppContext.BaseDirectory, "Data");

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.Default, WriteIndented = false };

    private readonly SemaphoreSlim _turn = new(1);
    private Process? _process;
    private bool _isStarted;

    /// <summary>Renders each template with each of its inputs. Skips the test when jinja2 is not installed.</summary>
    internal async Task<IReadOnlyList<IReadOnlyList<OracleResult>>> RenderAsync(IEnumerable<OracleRequest> requests)
    {
        await _turn.WaitAsync().OrBroken("the oracle to be free");
        try
        {
            Process process = await StartedAsync();
            var renders = new JsonArray();
            foreach (OracleRequest request in requests)
            {
                var inputs = new JsonArray([.. request.Inputs.Select(input => JsonNode.Parse(input.GetRawText()))]);
                renders.Add((JsonNode)new JsonObject { ["template"] = request.Template, ["inputs"] = inputs });
            }

            var line = new JsonObject { ["now"] = Now.ToString("yyyy-MM-ddTHH:mm:ss"), ["renders"] = renders };
            Task<string?> reply = process.StandardOutput.ReadLineAsync();
            await process.StandardInput.WriteLineAsync(line.ToJsonString(OneLine)).OrBroken("jinja2 to take a request");
            await process.StandardInput.FlushAsync().OrBroken("jinja2 to take a request");
            string answer = await reply.OrBroken("jinja2 to render") ?? throw new InvalidOperationException("jinja2 ended");
            return [.. JsonNode.Parse(answer)!["renders"]!.AsArray().Select(render => (IReadOnlyList<OracleResult>)
                [.. render!.AsArray().Select(result => new OracleResult((string?)result!["text"], (string?)result["error"]))])];
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().OrBroken("jinja2 to end with its input");
            _process.Dispose();
        }

        _turn.Dispose();
    }

    private async Task<Process> StartedAsync()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            foreach (string python in (string[])["python3", "/usr/bin/python3"])
            {
                _process ??= await TryStartAsync(python);
            }
        }

        if (Environment.GetEnvironmentVariable("ORCHARD_REQUIRE_JINJA2") == "1")
        {
            Assert.True(_process is not null, "ORCHARD_REQUIRE_JINJA2=1, but jinja2 is not installed for python3 (Debian package python3-jinja2).");
        }

        Assert.SkipWhen(_process is null, "jinja2 is not installed for python3 (Debian package python3-jinja2).");
        return _process!;
    }

    private static async Task<Process?> TryStartAsync(string python)
    {
        string script = Path.Combine(Data, "oracle.py");
        var start = new ProcessStartInfo(python, ["-X", "utf8", script])
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

        // The first line of its output is the version; without jinja2 it exits before.
        if (await process.StandardOutput.ReadLineAsync().OrBroken("jinja2 to start") is not null)
        {
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            return process;
        }

        await process.WaitForExitAsync().OrBroken("python without jinja2 to end");
        process.Dispose();
        return null;
    }
}

internal sealed record OracleRequest(string Template, IReadOnlyList<JsonElement> Inputs);

/// <summary>The rendered text, or the error.</summary>
internal sealed record OracleResult(string? Text, string? Error);
