using System.Runtime.InteropServices;
using Sepal.Graphs;
using Sepal.Onnx.Import;
using Sepal.Randomness;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Onnx.Import;

public class StoredTensorTests
{
    private static readonly TensorData Data =
        new([2, 3], ElementType.Float32, MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6]).ToArray());

    [Fact]
    public void A_parameter_gets_the_elements_in_its_own_axis_order()
    {
        float[] parameter = new float[6];
        new StoredTensor(Data, [1, 0]).Fill(parameter, new Fans(2, 3), new RandomStream(seed: 0, stream: 0));
        Assert.Equal([1, 4, 2, 5, 3, 6], parameter);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void A_parameter_of_another_length_is_refused(int length)
    {
        SepalException exception = Assert.Throws<SepalException>(
            () => new StoredTensor(Data, [0, 1]).Fill(new float[length], new Fans(2, 3), new RandomStream(seed: 0, stream: 0)));
        Assert.Contains($"{length} numbers", exception.Message, StringComparison.Ordinal);
        Assert.Contains("6, (2, 3)", exception.Message, StringComparison.Ordinal);
    }
}
