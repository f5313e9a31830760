using Orchard.Engine.Serving.Models;

namespace Orchard.Engine.Tests.Serving;

public sealed class PromptProfileTests
{
    [Theory]
    [InlineData("llama", "<|im_start|>user", "qwen3_5")]
    [InlineData("qwen2", "<|im_start|>user", "qwen3_5")]
    [InlineData("lfm2", "<|im_start|>user", "lfm2")]
    [InlineData("llama", "<|start_header_id|>user<|end_header_id|>", "llama3")]
    [InlineData("gemma3", "<start_of_turn>user", "gemma3")]
    [InlineData("gpt-oss", "<|start|>user<|message|> <|channel|>", "gpt_oss")]
    [InlineData("llama", "[INST]", "llama")]
    [InlineData("llama", null, "llama")]
    public void ModelType_FollowsTheTemplate(string architecture, string? template, string expected) =>
        Assert.Equal(expected, PromptProfile.Of(architecture, template));
}
