using Sepal.Operators;

namespace Sepal.Tests.References;

/// <summary>Pooling of NHWC images, window by window.</summary>
internal static class ReferencePooling
{
    public static double[] Forward(
        PoolingFunction function, Window2D window, double[] input, int[] shape, bool countIncludePad = false)
    {
        (int outputHeight, int top) = Axis(window, shape[1], (int)window.Extent.Height, window.Strides.Height, window.Padding.Top, window.Padding.Bottom);
        (int outputWidth, int left) = Axis(window, shape[2], (int)window.Extent.Width, window.Strides.Width, window.Padding.Left, window.Padding.Right);
        var output = new List<double>();
        for (int image = 0; image < shape[0]; image++)
        {
            for (int y = 0; y < outputHeight; y++)
            {
                for (int x = 0; x < outputWidth; x++)
                {
                    for (int channel = 0; channel < shape[3]; channel++)
                    {
                        var elements = new List<double>();
                        int padding = 0;
                        for (int ky = 0; ky < window.KernelSize.Height; ky++)
                        {
                            for (int kx = 0; kx < window.KernelSize.Width; kx++)
                            {
                                int row = (y * window.Strides.Height) + (ky * window.DilationRate.Height) - top;
                                int column = (x * window.Strides.Width) + (kx * window.DilationRate.Width) - left;
                                if (row >= 0 && row < shape[1] && column >= 0 && column < shape[2])
                                {
                                    elements.Add(input[(((((image * shape[1]) + row) * shape[2]) + column) * shape[3]) + channel]);
                                }
                                else if (row < shape[1] + window.Padding.Bottom && column < shape[2] + window.Padding.Right)
                                {
                                    padding++;
                                }
                            }
                        }

                        output.Add(
                            function == PoolingFunction.Maximum ? elements.Max()
                            : countIncludePad ? elements.Sum() / (elements.Count + padding)
                            : elements.Average());
                    }
                }
            }
        }

        return [.. output];
    }

    private static (int Output, int Leading) Axis(Window2D window, int input, int extent, int stride, int before, int after)
    {
        if (window.Padding.Mode == PaddingMode.Same)
        {
            int output = (input + stride - 1) / stride;
            return (output, Math.Max(((output - 1) * stride) + extent - input, 0) / 2);
        }

        // Window by window: as long as one lies inside or, rounding up, begins before the padding after the input.
        int count = 0;
        for (int start = -before; window.CeilMode ? start < input && start + extent < input + after + stride : start + extent <= input + after; start += stride)
        {
            count++;
        }

        return (count, before);
    }
}
