using Sepal.Graphs;
using Sepal.Onnx.Import;
using Xunit;

namespace Sepal.Tests.Onnx.Backend;

/// <summary>Compares as the ONNX project's runner does: floats to a relative 1e-3 and an absolute 1e-7, all else exactly.</summary>
internal static class BackendComparer
{
    public static void AssertEqual(TensorData expected, TensorData actual, string name)
    {
        Assert.Equal(expected.ElementType, actual.ElementType);
        Assert.Equal(expected.Shape, actual.Shape);
        if (!expected.ElementType.IsFloatingPoint())
        {
            Assert.Equal(expected.Bytes.ToArray(), actual.Bytes.ToArray());
            return;
        }

        ReadOnlySpan<float> wanted = TensorDataConversion.To(expected, ElementType.Float32).Elements<float>();
        ReadOnlySpan<float> got = TensorDataConversion.To(actual, ElementType.Float32).Elements<float>();
        for (int index = 0; index < wanted.Length; index++)
        {
            bool same = wanted[index].Equals(got[index])
                || Math.Abs(wanted[index] - got[index]) <= 1e-7 + (1e-3 * Math.Abs((double)wanted[index]));
            Assert.True(same, $"{name}[{index}] is {got[index]:R}, but {wanted[index]:R} is expected.");
        }
    }
}
