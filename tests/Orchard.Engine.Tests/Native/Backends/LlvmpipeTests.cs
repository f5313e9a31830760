using Orchard.Engine.Native.Backends;

namespace Orchard.Engine.Tests.Native.Backends;

public sealed class LlvmpipeTests
{
    [Theory]
    [InlineData("Mesa 22.3.6-1+deb12u2 (LLVM 15.0.6)")]
    [InlineData("Mesa 23.2.1 (LLVM 16.0.6)")]
    public void OlderThanMesa24_IsRefused(string info) =>
        Assert.Contains(info.Split(' ')[1] + ", which uses freed memory", Llvmpipe.FindProblem(info), StringComparison.Ordinal);

    [Theory]
    [InlineData("Mesa 24.0.0")]
    [InlineData("Mesa 25.0.7-2~bpo12+1 (LLVM 15.0.6)")]
    [InlineData("Mesa unknown")]
    [InlineData("Mesa ")]
    [InlineData("")]
    public void NewerOrUnknown_IsUsed(string info) => Assert.Null(Llvmpipe.FindProblem(info));
}
