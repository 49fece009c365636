using Sepal.Operators;

namespace Sepal.Tests.References;

/// <summary>Pooling of NHWC images, window by window, padding left out.</summary>
internal static class ReferencePooling
{
    public static double[] Forward(PoolingFunction function, Window2D window, double[] input, int[] shape)
    {
        (int outputHeight, int top) = Axis(shape[1], window.KernelSize.Height, window.Strides.Height, window.Padding, window.Padding.Top, window.Padding.Bottom);
        (int outputWidth, int left) = Axis(shape[2], window.KernelSize.Width, window.Strides.Width, window.Padding, window.Padding.Left, window.Padding.Right);
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
                        for (int ky = 0; ky < window.KernelSize.Height; ky++)
                        {
                            for (int kx = 0; kx < window.KernelSize.Width; kx++)
                            {
                                int row = (y * window.Strides.Height) + ky - top;
                                int column = (x * window.Strides.Width) + kx - left;
                                if (row >= 0 && row < shape[1] && column >= 0 && column < shape[2])
                                {
                                    elements.Add(input[(((((image * shape[1]) + row) * shape[2]) + column) * shape[3]) + channel]);
                                }
                            }
                        }

                        output.Add(function == PoolingFunction.Maximum ? elements.Max() : elements.Average());
                    }
                }
            }
        }

        return [.. output];
    }

    private static (int Output, int Leading) Axis(int input, int kernel, int stride, Padding2D padding, int before, int after)
    {
        if (padding.Mode == PaddingMode.Same)
        {
            int output = (input + stride - 1) / stride;
            return (output, Math.Max(((output - 1) * stride) + kernel - input, 0) / 2);
        }

        return (((input + before + after - kernel) / stride) + 1, before);
    }
}
