using Sepal.Operators;

namespace Sepal.Tests.References;

/// <summary>Transposed convolution of NHWC images: every input element adds its kernel to the output.</summary>
internal static class ReferenceConvolutionTranspose
{
    public static double[] Forward(ConvolutionTranspose operation, double[] input, int[] shape, double[] kernel, int[] outputShape)
    {
        (int height, int width) = (operation.KernelSize.Height, operation.KernelSize.Width);
        int groupInputs = shape[3] / operation.Groups;
        int groupFilters = operation.Filters / operation.Groups;
        var output = new double[TestLength(outputShape)];
        for (int index = 0; index < input.Length; index++)
        {
            (int pixel, int channel) = Math.DivRem(index, shape[3]);
            (int line, int column) = Math.DivRem(pixel, shape[2]);
            (int image, int row) = Math.DivRem(line, shape[1]);
            int group = channel / groupInputs;
            for (int tap = 0; tap < height * width * groupFilters; tap++)
            {
                (int place, int filter) = Math.DivRem(tap, groupFilters);
                int y = (row * operation.Strides.Height) + (place / width * operation.DilationRate.Height) - operation.Padding.Top;
                int x = (column * operation.Strides.Width) + (place % width * operation.DilationRate.Width) - operation.Padding.Left;
                if (y >= 0 && y < outputShape[1] && x >= 0 && x < outputShape[2])
                {
                    output[(((((image * outputShape[1]) + y) * outputShape[2]) + x) * operation.Filters) + (group * groupFilters) + filter] +=
                        input[index] * kernel[(tap * shape[3]) + channel];
                }
            }
        }

        return output;
    }

    private static int TestLength(int[] shape) => shape.Aggregate(1, (product, dimension) => product * dimension);
}
