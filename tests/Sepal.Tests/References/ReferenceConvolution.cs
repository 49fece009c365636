using Sepal.Kernels;

namespace Sepal.Tests.References;

/// <summary>The sums of a convolution and its gradients as a textbook writes them, in double precision.</summary>
internal static class ReferenceConvolution
{
    public static double[] Forward(in ConvolutionGeometry g, float[] input, float[] kernel, float[]? bias)
    {
        double[] output = new double[g.Batch * g.OutputImageLength];
        if (bias is not null)
        {
            for (int i = 0; i < output.Length; i++)
            {
                output[i] = bias[i % g.OutputChannels];
            }
        }

        foreach ((int i, int k, int o) in Terms(g))
        {
            output[o] += (double)input[i] * kernel[k];
        }

        return output;
    }

    public static double[] InputGradient(in ConvolutionGeometry g, float[] outputGradient, float[] kernel)
    {
        double[] gradient = new double[g.Batch * g.InputImageLength];
        foreach ((int i, int k, int o) in Terms(g))
        {
            gradient[i] += (double)outputGradient[o] * kernel[k];
        }

        return gradient;
    }

    public static double[] KernelGradient(in ConvolutionGeometry g, float[] input, float[] outputGradient)
    {
        double[] gradient = new double[g.KernelLength];
        foreach ((int i, int k, int o) in Terms(g))
        {
            gradient[k] += (double)outputGradient[o] * input[i];
        }

        return gradient;
    }

    public static double[] BiasGradient(in ConvolutionGeometry g, float[] outputGradient)
    {
        double[] gradient = new double[g.OutputChannels];
        for (int i = 0; i < outputGradient.Length; i++)
        {
            gradient[i % g.OutputChannels] += outputGradient[i];
        }

        return gradient;
    }

    /// <summary>
    /// Every product of the convolution: the positions of its input, its weight and its output. All four functions
    /// above are sums of these.
    /// </summary>
    private static IEnumerable<(int Input, int Kernel, int Output)> Terms(ConvolutionGeometry g)
    {
        for (int image = 0; image < g.Batch; image++)
        {
            for (int y = 0; y < g.OutputHeight; y++)
            {
                for (int x = 0; x < g.OutputWidth; x++)
                {
                    for (int ky = 0; ky < g.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < g.KernelWidth; kx++)
                        {
                            int inputY = (y * g.StrideHeight) + (ky * g.DilationHeight) - g.PaddingTop;
                            int inputX = (x * g.StrideWidth) + (kx * g.DilationWidth) - g.PaddingLeft;
                            if (inputY < 0 || inputY >= g.InputHeight || inputX < 0 || inputX >= g.InputWidth)
                            {
                                continue;
                            }

                            int pixel = (((image * g.InputHeight) + inputY) * g.InputWidth) + inputX;
                            int output = (((((image * g.OutputHeight) + y) * g.OutputWidth) + x) * g.OutputChannels);
                            int tap = (ky * g.KernelWidth) + kx;
                            for (int n = 0; n < g.OutputChannels; n++)
                            {
                                int firstChannel = n / g.GroupOutputChannels * g.GroupInputChannels;
                                for (int c = 0; c < g.GroupInputChannels; c++)
                                {
                                    yield return (
                                        (pixel * g.InputChannels) + firstChannel + c,
                                        (((tap * g.GroupInputChannels) + c) * g.OutputChannels) + n,
                                        output + n);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
