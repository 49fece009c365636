using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>The attributes that say how a window slides over an image.</summary>
internal static class WindowAttributes
{
    /// <summary>
    /// Kernel size, strides, dilation where there is any, and padding: in numbers where the size of the image or a step of 1
    /// determines them, by ONNX's name for TensorFlow's rule otherwise.
    /// </summary>
    /// <param name="node">The node, for messages.</param>
    /// <param name="window">The window.</param>
    /// <param name="image">What it slides over.</param>
    /// <exception cref="OnnxException">Padding depends on an open size in a way that ONNX has no name for.</exception>
    public static AttributeProto[] Of(Node node, Window2D window, Value image)
    {
        List<AttributeProto> attributes =
        [
            OnnxAttributes.Ints("kernel_shape", window.KernelSize),
            OnnxAttributes.Ints("strides", window.Strides),
        ];
        if (window.DilationRate != 1)
        {
            attributes.Add(OnnxAttributes.Ints("dilations", window.DilationRate));
        }

        if (Pads(window, image) is { } pads)
        {
            attributes.Add(OnnxAttributes.Ints("pads", pads));
        }
        else if (window.DilationRate == 1)
        {
            attributes.Add(OnnxAttributes.String("auto_pad", "SAME_UPPER"));
        }
        else
        {
            throw new OnnxException(
                $"Node '{node.Name}' ({node.Operator.Name}): padding 'same' with strides {window.Strides} and dilation {window.DilationRate} over an image of the open size "
                + $"{image.Spec.Describe()} cannot be written to ONNX. Give the model's input a fixed height and width, or the node explicit padding.");
        }

        return [.. attributes];
    }

    /// <summary>Top, left, bottom, right; null where they follow from a size that is open.</summary>
    private static long[]? Pads(Window2D window, Value image)
    {
        Padding2D padding = window.Padding;
        if (padding.Mode != PaddingMode.Same)
        {
            return [padding.Top, padding.Left, padding.Bottom, padding.Right];
        }

        return Same(image.Shape[1], window.Extent.Height, window.Strides.Height) is { } rows
            && Same(image.Shape[2], window.Extent.Width, window.Strides.Width) is { } columns
            ? [rows / 2, columns / 2, rows - (rows / 2), columns - (columns / 2)]
            : null;
    }

    /// <summary>All padding along an axis. With a step of 1 it is the same for every size.</summary>
    private static long? Same(Dimension size, long extent, int stride)
    {
        if (!size.IsKnown)
        {
            return stride == 1 ? extent - 1 : null;
        }

        long outputs = (size.Value + stride - 1) / stride;
        return Math.Max(((outputs - 1) * stride) + extent - size.Value, 0);
    }
}
