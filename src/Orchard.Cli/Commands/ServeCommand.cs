using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Orchard.Server;
using Orchard.Server.Hosting;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard serve</c>.</summary>
internal sealed class ServeCommand
{
    private const string KeyVariable = "ORCHARD_API_KEYS";

    private readonly CommandHost _host;
    private readonly Option<string[]> _urls = new("--url")
    {
        Description = "Address to listen on; can be given several times. One that other machines reach needs an API key",
        HelpName = "URL",
        DefaultValueFactory = _ => [ServerAddress.Default],
    };

    private readonly Option<string?> _address = new("--host")
    {
        Description = "Name or IP address to listen on, in place of --url",
        HelpName = "HOST",
    };

    private readonly Option<int?> _port = new("--port", "-p") { Description = "Port to listen on, in place of --url", HelpName = "PORT" };
    private readonly Option<string[]> _models = new("--model")
    {
        Description = "Offer this model, in addition to starter and the stored models of the hub; can be given several times",
        HelpName = "MODEL",
    };

    private readonly Option<string?> _defaultModel = new("--default-model")
    {
        Description = "Model of requests that name none",
        HelpName = "MODEL",
    };

    private readonly Option<string[]> _preload = new("--preload")
    {
        Description = "Load this model at once, and keep it loaded",
        HelpName = "MODEL",
    };

    private readonly Option<string[]> _keys = new("--api-key")
    {
        Description = $"Key that requests need (also {KeyVariable}, which other users of this machine do not see)",
        HelpName = "KEY",
    };

    private readonly Option<string?> _keyFile = new("--api-key-file") { Description = "File with a key on each line", HelpName = "FILE" };
    private readonly Option<string[]> _hosts = new("--allow-host")
    {
        Description = "Host name by which the server can be addressed, in addition to localhost and IP addresses",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _origins = new("--cors-origin")
    {
        Description = "Origin of web pages that can send requests, or * for any",
        HelpName = "ORIGIN",
    };

    private readonly Option<bool> _filePaths = new("--allow-file-paths") { Description = "Let requests name any file as a model" };
    private readonly Option<bool> _noDownloads = new("--no-downloads") { Description = "Do not let requests download or delete models" };
    private readonly Option<bool> _noPage = new("--no-page") { Description = "Do not serve the chat page for browsers" };
    private readonly Option<int?> _maxRequests = new("--max-requests") { Description = "Requests that are served at once", HelpName = "N" };
    private readonly Option<int?> _drain = new("--drain-timeout")
    {
        Description = "Time that running requests have to end after Ctrl+C or SIGTERM; others get 503 meanwhile (default: 25)",
        HelpName = "SECONDS",
    };

    private readonly Option<bool> _openMetrics = new("--open-metrics")
    {
        Description = "Serve /metrics without a key, to other machines, too",
    };

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Log every request; prompts and answers are never logged" };

    private ServeCommand(CommandHost host) => _host = host;

    public static Command Create(CommandHost host)
    {
        var serve = new ServeCommand(host);
        var command = new DocumentedCommand(
            "serve", "Serve models over HTTP to clients of OpenAI, Anthropic, Ollama and LM Studio, on this machine unless told otherwise")
        {
            Examples = "orchard serve\n"
                + "orchard serve --preload Qwen/Qwen3-0.6B-GGUF --cors-origin https://chat.example\n"
                + "orchard serve --port 8080\n"
                + "ORCHARD_API_KEYS=secret orchard serve --url http://0.0.0.0:8080 --allow-host models.example",
        };
        Option[] options =
        [
            serve._urls, serve._address, serve._port, serve._models, serve._defaultModel, serve._preload, serve._keys, serve._keyFile,
            serve._hosts, serve._origins, serve._filePaths, serve._noDownloads, serve._noPage, serve._maxRequests, serve._drain,
            serve._openMetrics, serve._verbose,
        ];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        command.SetAction(serve.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string[] urls = AddressesOf(arguments);
        WebApplication app = Build(arguments, urls);
        await using (app.ConfigureAwait(false))
        {
            CheckAddresses(urls, HasKey(app.Services.GetRequiredService<IOptions<OrchardServerOptions>>().Value));
            Client client = app.Services.GetRequiredService<Client>();
            CheckModels(client, arguments);
            foreach (string model in arguments.GetValue(_preload) ?? [])
            {
                var kept = new ModelOptions { KeepWhileConnected = true };
                await _host.LoadAsync(client, model, kept, cancellationToken).ConfigureAwait(false);
            }

            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            await _host.Terminal.Out.WriteLineAsync($"Serving on {string.Join(", ", app.Urls)}. Ctrl+C ends it.").ConfigureAwait(false);
            await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
            return ExitCodes.Success;
        }
    }

    private string[] AddressesOf(ParseResult arguments)
    {
        (string? host, int? port) = (arguments.GetValue(_address), arguments.GetValue(_port));
        return host is null && port is null ? arguments.GetRequiredValue(_urls)
            : arguments.GetResult(_urls) is null or { Implicit: true } ? [ServerAddress.Of(host, port)]
            : throw new UsageException("--url has host and port; leave out --host and --port.");
    }

    private WebApplication Build(ParseResult arguments, string[] urls)
    {
        // Settings in the current folder are those of other applications.
        var settings = new WebApplicationOptions { ApplicationName = "orchard", ContentRootPath = AppContext.BaseDirectory };
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(settings);
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(static console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(arguments.GetValue(_verbose) ? LogLevel.Information : LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // what it reports are errors of this command

        builder.Logging.AddFilter("Orchard.Server.Serving.Drain", LogLevel.Information); // why the command does not end at once

        // It logs a stream that is cut as a fault, after the server has logged the reason.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (arguments.GetValue(_host.EngineRoot) is { } root)
        {
            builder.Configuration["Orchard:EngineRoot"] = root;
        }

        builder.AddOrchardServer(options => Configure(options, arguments));
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        WebApplication app = builder.Build();
        UnknownPaths.Use(app);
        app.MapOrchard();
        return app;
    }

    private void Configure(OrchardServerOptions options, ParseResult arguments)
    {
        Add(options.Models, _models);
        Add(options.ApiKeys, _keys);
        Add(options.AllowedHosts, _hosts);
        Add(options.CorsOrigins, _origins);
        options.DefaultModel = arguments.GetValue(_defaultModel) ?? options.DefaultModel;
        options.ApiKeyFile = arguments.GetValue(_keyFile) ?? options.ApiKeyFile;
        options.AllowFilePaths |= arguments.GetValue(_filePaths);
        options.AllowDownloads &= !arguments.GetValue(_noDownloads);
        options.ServePage &= !arguments.GetValue(_noPage);
        options.AllowAnonymousMetrics |= arguments.GetValue(_openMetrics);
        options.DrainTimeout = arguments.GetValue(_drain) is { } seconds ? TimeSpan.FromSeconds(seconds) : options.DrainTimeout;
        options.MaxRequests = arguments.GetValue(_maxRequests) ?? options.MaxRequests;

        void Add(IList<string> list, Option<string[]> option)
        {
            foreach (string value in arguments.GetValue(option) ?? [])
            {
                list.Add(value);
            }
        }
    }

    // A name that is mistyped would only be noticed by clients.
    private void CheckModels(Client client, ParseResult arguments)
    {
        string[] named = arguments.GetValue(_defaultModel) is { } model ? [model] : [];
        foreach (string name in named.Concat(arguments.GetValue(_models) ?? []))
        {
            _ = client.Models.GetStatus(name);
        }
    }

    private static bool HasKey(OrchardServerOptions options) =>
        options.ApiKeys.Count > 0
        || options.ApiKeyFile is not null
        || Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 };

    private static void CheckAddresses(string[] urls, bool hasKey)
    {
        foreach (string url in urls)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address is not { Scheme: "http", PathAndQuery: "/" })
            {
                throw new UsageException(
                    $"'{url}' is not an address such as {ServerAddress.Default}. For https, put a reverse proxy in front.");
            }

            if (!hasKey && !IsLoopback(address))
            {
                throw new UsageException(
                    $"'{url}' is reachable from other machines. Set an API key, with {KeyVariable} or --api-key-file, "
                    + "or listen on localhost.");
            }
        }
    }

    private static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
