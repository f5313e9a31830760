using Orchard.Engine.Native.Backends;
using Orchard.Protocol;

namespace Orchard.Engine.Tests.Native.Backends;

/// <summary>What <c>ORCHARD_DEVICES</c> allows.</summary>
public sealed class DeviceChoiceTests
{
    private static readonly GpuBackend Cuda = GpuBackend.All.Single(backend => backend.Name == "cuda");
    private static readonly GpuBackend Vulkan = GpuBackend.All.Single(backend => backend.Name == "vulkan");

    [Theory]
    [InlineData(null, true, true)]
    [InlineData("", true, true)]
    [InlineData("cpu", false, false)]
    [InlineData("vulkan", false, true)]
    [InlineData("Vulkan0", false, true)]
    [InlineData(" CUDA1 , vulkan", true, true)]
    public void Allows_WhatIsNamed(string? value, bool cuda, bool vulkan)
    {
        DeviceChoice choice = Read(value);

        Assert.Equal((cuda, vulkan), (choice.Allows(Cuda), choice.Allows(Vulkan)));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("cuda", null)]
    [InlineData("cuda1", "1")]
    [InlineData("cuda2,vulkan0,cuda0,cuda2", "2,0")]
    [InlineData("cuda,cuda1", null)]
    public void NumbersOf_DevicesThatAreNamed(string? value, string? numbers) => Assert.Equal(numbers, Read(value).NumbersOf(Cuda));

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda 1")]
    [InlineData(",")]
    [InlineData("1")]
    public void Read_OtherNames_AreRefused(string value)
    {
        var refusal = Assert.Throws<InvalidSettingException>(() => Read(value));
        Assert.Contains("ORCHARD_DEVICES", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("vulkan", refusal.Message, StringComparison.Ordinal);
    }

    private static DeviceChoice Read(string? value) => DeviceChoice.Read(name => name == "ORCHARD_DEVICES" ? value : null);
}
