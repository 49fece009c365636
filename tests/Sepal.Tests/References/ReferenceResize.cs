using Sepal.Operators;

namespace Sepal.Tests.References;

/// <summary>Resizing, element by element, from the definitions in ONNX's specification.</summary>
internal static class ReferenceResize
{
    public static double[] Forward(Resize resize, double[] input, int[] shape, int[] target)
    {
        int rank = shape.Length;
        var output = new double[target.Aggregate(1, (product, extent) => product * extent)];
        for (int index = 0; index < output.Length; index++)
        {
            var place = new double[rank];
            int rest = index;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                (rest, int position) = Math.DivRem(rest, target[axis]);
                place[axis] = Original(resize, axis, position, shape[axis], target[axis]);
            }

            bool outside = resize.Coordinates == ResizeCoordinates.TensorFlowCropAndResize
                && place.Where((position, axis) => position < 0 || position > shape[axis] - 1).Any();
            output[index] = outside ? resize.ExtrapolationValue : Value(resize, input, shape, place, 0, 0);
        }

        return output;
    }

    private static double Original(Resize resize, int axis, int x, int length, int resized)
    {
        double scale = resize.Scales.IsEmpty ? (double)resized / length : resize.Scales[axis];
        double exact = scale * length;
        double half = ((x + 0.5) / scale) - 0.5;
        return resize.Coordinates switch
        {
            ResizeCoordinates.HalfPixel => half,
            ResizeCoordinates.PytorchHalfPixel => resized > 1 ? half : 0,
            ResizeCoordinates.HalfPixelSymmetric => (length / 2.0 * (1 - (resized / exact))) + half,
            ResizeCoordinates.AlignCorners => resized > 1 ? x * (length - 1) / (exact - 1) : 0,
            ResizeCoordinates.Asymmetric => x / scale,
            ResizeCoordinates.TensorFlowHalfPixelForNearest => (x + 0.5) / scale,
            _ => Crop(resize.Region[axis], resize.Region[axis + (resize.Region.Length / 2)], x, length, resized),
        };
    }

    private static double Crop(double start, double end, int x, int length, int resized) => resized > 1
        ? (start * (length - 1)) + (x * (end - start) * (length - 1) / (resized - 1))
        : 0.5 * (start + end) * (length - 1);

    private static double Value(Resize resize, double[] input, int[] shape, double[] place, int axis, int offset)
    {
        if (axis == shape.Length)
        {
            return input[offset];
        }

        int length = shape[axis];
        double At(double position) =>
            Value(resize, input, shape, place, axis + 1, (offset * length) + (int)Math.Clamp(position, 0, length - 1));

        double floor = Math.Floor(place[axis]);
        double share = place[axis] - floor;
        if (share == 0 && resize.Rounding != ResizeRounding.Ceil)
        {
            return At(floor);
        }

        switch (resize.Mode)
        {
            case ResizeMode.Nearest:
                return resize.Rounding switch
                {
                    ResizeRounding.Floor => At(floor),
                    ResizeRounding.Ceil => At(Math.Ceiling(place[axis])),
                    ResizeRounding.PreferFloor => At(share <= 0.5 ? floor : floor + 1),
                    _ => At(share < 0.5 ? floor : floor + 1),
                };
            case ResizeMode.Linear:
                return ((1 - share) * At(floor)) + (share * At(floor + 1));
            default:
                double[] weights = [.. Enumerable.Range(-1, 4).Select(tap =>
                    resize.ExcludeOutside && (floor + tap < 0 || floor + tap >= length) ? 0 : Keys(Math.Abs(share - tap), resize.CubicCoefficient))];
                double total = resize.ExcludeOutside ? weights.Sum() : 1;
                return weights.Select((weight, tap) => weight / total * At(floor - 1 + tap)).Sum();
        }
    }

    /// <summary>Keys's cubic convolution kernel.</summary>
    private static double Keys(double x, double a) => x <= 1
        ? ((a + 2) * x * x * x) - ((a + 3) * x * x) + 1
        : (a * x * x * x) - (5 * a * x * x) + (8 * a * x) - (4 * a);
}
