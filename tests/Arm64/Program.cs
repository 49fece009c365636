using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using Sepal.Kernels.Simd;
using Sepal.Tests.Kernels;
using Sepal.Tests.Kernels.Depthwise;
using Sepal.Tests.Kernels.Elementwise;
using Sepal.Tests.Kernels.Rows;

// Kernel tests without their runner, which needs a JIT: a program for a processor that is only emulated. The last line tells
// how many passed and failed, with which vectors.
int passed = 0;
int failed = 0;
DepthwiseRowsTests depthwise = new();
RunAll("depthwise", DepthwiseShapes.All.Keys, depthwise.Matches_the_reference);
RunAll("depthwise, clamped", DepthwiseShapes.All.Keys, depthwise.Clamps);
RunAll("depthwise, not a number", DepthwiseShapes.All.Keys, depthwise.Lets_what_is_not_a_number_through_the_clamp);
RunAll("convolution and gradients", ConvolutionShapes.All.Keys, new ConvolutionAlgorithmTests().Matches_the_reference);
ConvolutionRowsTests rows = new();
RunAll("fused convolution", ConvolutionShapes.All.Keys, rows.Rows_match_the_reference);
RunAll("NaN and infinity", [1, 3], kernel => rows.Bounds_let_NaN_pass_and_hold_infinity(kernel, 24, 33));
ExponentialsTests exponentials = new();
RunAll("exponentials", [0], _ => exponentials.Large_numbers_and_NaN_are_as_IEEE_has_them());
RunAll("sigmoid and swish", [0], _ => exponentials.Sigmoid_and_swish_are_near_their_definitions());
Console.WriteLine(
    $"{passed} passed, {failed} failed, {RuntimeInformation.ProcessArchitecture}, AdvSimd {AdvSimd.Arm64.IsSupported}, {SimdLevel.Width} floats a vector");
return failed == 0 ? 0 : 1;

void RunAll<T>(string what, IEnumerable<T> cases, Action<T> test)
{
    Stopwatch clock = Stopwatch.StartNew();
    int before = passed;
    foreach (T each in cases)
    {
        try
        {
            test(each);
            passed++;
        }
        catch (Exception exception)
        {
            failed++;
            Console.WriteLine($"{what}: {each}: {exception.Message}");
        }
    }

    Console.WriteLine($"{what}: {passed - before} passed in {clock.Elapsed.TotalSeconds:F1} s");
}
