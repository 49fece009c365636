using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Sepal.Kernels.Simd;
using Sepal.Tests.Inference;
using Sepal.Tests.Kernels.Copying;
using Sepal.Tests.Kernels.Depthwise;
using Sepal.Tests.Kernels.Elementwise;
using Sepal.Tests.Kernels.Rows;
using Sepal.Tests.Operators;
using Xunit;

namespace Sepal.Tests.Kernels;

/// <summary>Reruns the kernel tests in a process of its own for each instruction-set level below this machine's.</summary>
public sealed class InstructionSetTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", 8)]
    [InlineData("DOTNET_EnableAVX2", 4)]
    [InlineData("DOTNET_EnableHWIntrinsic", 1)]
    public async Task Kernels_pass_with_narrower_vectors(string switchedOff, int width)
    {
        Assert.SkipUnless(SimdLevel.Width > width, "This machine has no wider vectors to switch off.");
        string assembly = typeof(InstructionSetTests).Assembly.Location;
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList =
            {
                assembly,
                "-class", typeof(ConvolutionAlgorithmTests).FullName!,
                "-class", typeof(DepthwiseRowsTests).FullName!,
                "-class", typeof(SimdLevelTests).FullName!,
                "-class", typeof(ConvolutionRowsTests).FullName!,
                "-class", typeof(RowStripsTests).FullName!,
                "-class", typeof(RowPartsTests).FullName!,
                "-class", typeof(ChannelSumsTests).FullName!,
                "-class", typeof(ChannelAlternationTests).FullName!,
                "-class", typeof(PlaneInterleavingTests).FullName!,
                "-class", typeof(ExponentialsTests).FullName!,
                "-class", typeof(RandomNetworkTests).FullName!,
                "-class", typeof(UnaryTests).FullName!,
                "-class", typeof(ReductionTests).FullName!,
                "-class", typeof(MatMulTests).FullName!,
                "-class", typeof(NormalizationTests).FullName!,
                "-class", typeof(TransposeTests).FullName!,
                "-class", typeof(ResizeTests).FullName!,
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[switchedOff] = "0";
        start.Environment[SimdLevelTests.ExpectedWidth] = width.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await errors);

        // A filter that finds nothing and a skipped check of the width would pass as well.
        Match total = Regex.Match(output, @"Total: (\d+),.* Skipped: 0,");
        Assert.True(total.Success, output);
        Assert.True(
            int.Parse(total.Groups[1].Value, CultureInfo.InvariantCulture) > ConvolutionShapes.All.Count, output);
    }
}
