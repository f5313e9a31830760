using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Orchard.Aspire.Hosting.Tests;

/// <summary>The resources that <c>AddOrchard</c> adds to the model of an application host, which is not run.</summary>
public sealed class OrchardHostingTests
{
    private readonly IDistributedApplicationBuilder _builder =
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });

    [Fact]
    public async Task Server_IsStartedWithItsAddressAndModels()
    {
        IResourceBuilder<OrchardResource> models = _builder.AddOrchard("models").WithModel("a.gguf").WithModel("o/r:Q8_0", preload: true);

        IExecutionConfigurationResult configuration = await EvaluateAsync(models.Resource);

        Assert.Equal("orchard", models.Resource.Command);
        Assert.Equal(
            [
                "serve", "--url", "http://127.0.0.1:{models.bindings.http.targetPort}", "--model", "a.gguf", "--model", "o/r:Q8_0",
                "--preload", "o/r:Q8_0",
            ],
            configuration.Arguments.Select(argument => argument.Value));
        Assert.Contains(models.Resource.Annotations, annotation => annotation is HealthCheckAnnotation);
        Assert.Equal("Endpoint={models.bindings.http.url}/v1", models.Resource.ConnectionStringExpression.ValueExpression);
    }

    [Fact]
    public async Task ApiKey_IsInTheEnvironmentAndTheConnectionString()
    {
        IResourceBuilder<ParameterResource> key = _builder.AddParameter("key", "secret", secret: true);

        IResourceBuilder<OrchardResource> models = _builder.AddOrchard("models", port: 8080, command: "/opt/orchard").WithApiKey(key);

        IExecutionConfigurationResult configuration = await EvaluateAsync(models.Resource);
        Assert.Equal("{key.value}", configuration.EnvironmentVariables.Single(variable => variable.Key == "ORCHARD_API_KEYS").Value);
        Assert.Equal("Endpoint={models.bindings.http.url}/v1;Key={key.value}", models.Resource.ConnectionStringExpression.ValueExpression);
        Assert.Equal(3, configuration.Arguments.Count());
        Assert.Equal(8080, models.Resource.Annotations.OfType<EndpointAnnotation>().Single().Port);
    }

    [Fact]
    public void ExternalServer_HasItsAddressAndHealth()
    {
        IResourceBuilder<ExternalServiceResource> models = _builder.AddOrchard("models", new Uri("http://models.example:8080/"));

        Assert.Equal("http://models.example:8080/", models.Resource.Uri!.ToString());
        Assert.Contains(models.Resource.Annotations, annotation => annotation is HealthCheckAnnotation);
    }

    [Fact]
    public void Names_AreChecked()
    {
        Assert.ThrowsAny<ArgumentException>(() => _builder.AddOrchard(""));
        Assert.ThrowsAny<ArgumentException>(() => _builder.AddOrchard("models").WithModel(""));
        Assert.ThrowsAny<ArgumentException>(() => _builder.AddOrchard("other", new Uri("http://models.example/path")));
        Assert.ThrowsAny<ArgumentException>(() => _builder.AddOrchard("other", new Uri("/path", UriKind.Relative)));
        Assert.ThrowsAny<ArgumentException>(() => _builder.AddOrchard("other", new Uri("ftp://models.example/")));
    }

    private async Task<IExecutionConfigurationResult> EvaluateAsync(IResource resource)
    {
        await using DistributedApplication application = _builder.Build();
        var options = new DistributedApplicationExecutionContextOptions(DistributedApplicationOperation.Publish)
        {
            Services = application.Services,
        };
        return await ExecutionConfigurationBuilder.Create(resource)
            .WithArgumentsConfig()
            .WithEnvironmentVariablesConfig()
            .BuildAsync(new DistributedApplicationExecutionContext(options));
    }
}
