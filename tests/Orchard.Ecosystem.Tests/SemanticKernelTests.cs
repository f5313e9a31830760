using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Orchard.Ecosystem.Tests;

/// <summary>Semantic Kernel: prompts, and functions of the kernel and of plugins as tools.</summary>
public sealed class SemanticKernelTests(EngineFixture fixture)
{
    private const string ToolQuestion = "What is the weather in Paris?";

    [Fact]
    public async Task Prompt_WithAVariable_IsAnswered()
    {
        FunctionResult result = await Kernel(new Plugin()).InvokePromptAsync(
            "What is the capital of {{$country}}?", new KernelArguments { ["country"] = "France" }).OrBroken("the answer");

        Assert.Contains("Paris", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FunctionChoice_Auto_CallsThePlugin()
    {
        var plugin = new Plugin();
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };

        FunctionResult result = await Kernel(plugin).InvokePromptAsync(ToolQuestion, new KernelArguments(settings)).OrBroken("the answer");

        Assert.NotNull(result);
        Assert.NotNull(plugin.Asked);
    }

    [Fact]
    public async Task FunctionChoice_Required_CallsTheFunction()
    {
        string? asked = null;
        var plugin = new Plugin();
        Kernel kernel = Kernel(plugin);
        KernelFunction function = kernel.Plugins.AddFromFunctions("other", [KernelFunctionFactory.CreateFromMethod(
            (string city) => asked = city, "get_weather", "Get the current weather for a city.")])["get_weather"];
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Required([function]) };

        await kernel.InvokePromptAsync(ToolQuestion, new KernelArguments(settings)).OrBroken("the answer");

        Assert.NotNull(asked);
        Assert.Null(plugin.Asked);
    }

    [Fact]
    public async Task FunctionChoice_None_CallsNothing()
    {
        var plugin = new Plugin();
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.None() };

        await Kernel(plugin).InvokePromptAsync(ToolQuestion, new KernelArguments(settings)).OrBroken("the answer");

        Assert.Null(plugin.Asked);
    }

    [Fact]
    public async Task ChatCompletionService_HistoryWithADeveloper_IsAnswered()
    {
        IChatCompletionService service = fixture.Chat.AsChatCompletionService();
        var history = new ChatHistory("Be kind.");
        history.AddDeveloperMessage("Be brief.");
        history.AddUserMessage("What is the capital of France?");

        ChatMessageContent answer = await service.GetChatMessageContentAsync(history).OrBroken("the answer");

        Assert.NotEqual("", answer.Content);
    }

    private Kernel Kernel(Plugin plugin)
    {
        IKernelBuilder builder = Microsoft.SemanticKernel.Kernel.CreateBuilder();
        builder.Services.AddSingleton(fixture.Chat.AsBuilder().UseKernelFunctionInvocation().Build());
        builder.Plugins.AddFromObject(plugin, "weather");
        return builder.Build();
    }

    private sealed class Plugin
    {
        public string? Asked { get; private set; }

        [KernelFunction("get_weather")]
        [Description("Get the current weather for a city.")]
        public string GetWeather([Description("The city.")] string city, Unit unit = Unit.Celsius, int? days = null)
        {
            Asked = city;
            return $"18 degrees {unit}, {days}";
        }
    }

    private enum Unit
    {
        Celsius,
        Fahrenheit,
    }
}
