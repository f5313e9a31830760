using Aspire.Hosting;

// Runs a server with the starter model beside the other parts of an application. Requires the command orchard, or its path in
// ORCHARD_COMMAND: dotnet tool install --global Orchard.Cli
IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(args);
builder.AddOrchard("models", port: 11501, command: Environment.GetEnvironmentVariable("ORCHARD_COMMAND") ?? "orchard")
    .WithModel("starter", preload: true);
await builder.Build().RunAsync();
