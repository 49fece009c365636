namespace Sepal.Layers;

/// <summary>The checks that all convolution layers share, made before their parameters are.</summary>
internal static class ConvolutionOptions
{
    public static void Require(LayerContext context, int outputs, Size2D kernelSize, Size2D strides, Size2D dilationRate)
    {
        if (outputs < 1)
        {
            throw context.Error($"it has {outputs} filters", "Give at least 1.");
        }

        Require(context, kernelSize, "kernel size");
        Require(context, strides, "strides");
        Require(context, dilationRate, "dilation rate");
    }

    private static void Require(LayerContext context, Size2D size, string name)
    {
        if (size.Height < 1 || size.Width < 1)
        {
            throw context.Error($"the {name} is {size}", $"Give a {name} of at least 1 in both directions.");
        }
    }
}
