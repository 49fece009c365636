using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Randomness;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>
/// Collects samples of layers: outputs of the original network for all layers in one pass over the images, at once; inputs in the
/// shrunk network for one layer at a time, when those before it have been corrected.
/// </summary>
internal sealed class LayerSampler : IDisposable
{
    private const long MostWindowFloats = 1 << 26;

    // Floats that the values of one run may take.
    private const long MostRunFloats = 1 << 26;
    private const int MostImagesAtOnce = 32;

    // One image in eight is held out.
    private const int HeldOut = 8;

    private readonly Model _shrunk;
    private readonly Dataset _images;
    private readonly CorrectionOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly int[] _indices;
    private readonly Dictionary<DecoupledLayer, (LayerSamples Samples, int[][] Positions)> _layers = [];

    public LayerSampler(
        Model original,
        Model shrunk,
        ImmutableArray<DecoupledLayer> layers,
        Dataset images,
        CorrectionOptions options,
        CancellationToken cancellation)
    {
        _shrunk = shrunk;
        _images = images;
        _options = options;
        _cancellation = cancellation;
        _indices = ImageSelection.Spread(images, options.Images);
        for (int index = 0; index < layers.Length; index++)
        {
            _layers.Add(layers[index], Prepare(layers[index], index));
        }

        ReadTargets(original, layers);
    }

    /// <summary>The samples of one layer, as the shrunk network feeds it now. They are given away: a layer is sampled once.</summary>
    public LayerSamples Sample(DecoupledLayer layer)
    {
        _layers.Remove(layer, out (LayerSamples Samples, int[][] Positions) collected);
        (LayerSamples samples, int[][] positions) = collected;
        int[] size = SizeOf(layer.Input);
        int[] outputSize = SizeOf(layer.Original.Output);
        using ImageRun run = Open(_shrunk, [layer.Input]);
        int row = 0;
        run.Run(
            _indices,
            (start, count, predictor) =>
            {
                ReadOnlySpan<float> values = predictor.OutputAt(0);
                int length = values.Length / count;
                for (int image = 0; image < count; image++)
                {
                    ReadOnlySpan<float> pixels = values.Slice(image * length, length);
                    foreach (int position in positions[start + image])
                    {
                        ReadWindow(layer, samples, row++, pixels, size, Math.DivRem(position, outputSize[1]));
                    }
                }
            },
            _cancellation);
        return samples;
    }

    public void Dispose() => _layers.Clear();

    private static int[] SizeOf(Value value) => [.. value.Shape.WithoutBatch().Select(dimension => checked((int)dimension.Value))];

    private static void ReadWindow(
        DecoupledLayer layer, LayerSamples samples, int row, ReadOnlySpan<float> pixels, int[] size, (int Row, int Column) position)
    {
        (int height, int width, int channels) = (size[0], size[1], size[2]);
        Window2D window = layer.Convolution.Window;
        (int top, int left) = window.LeadingPadding(height, width);
        for (int tap = 0; tap < layer.Taps; tap++)
        {
            (int tapRow, int tapColumn) = Math.DivRem(tap, window.KernelSize.Width);
            int y = (position.Row * window.Strides.Height) - top + (tapRow * window.DilationRate.Height);
            int x = (position.Column * window.Strides.Width) - left + (tapColumn * window.DilationRate.Width);

            // In the padding are zeros, as the samples are to begin with.
            if (y >= 0 && y < height && x >= 0 && x < width)
            {
                int pixel = ((y * width) + x) * channels;
                for (int channel = 0; channel < channels; channel++)
                {
                    samples.Window(channel, tap)[row] = pixels[pixel + channel];
                }
            }
        }
    }

    /// <summary>A run of a network that gives inner values, of as many images at once as memory lets pass.</summary>
    private ImageRun Open(Model model, ImmutableArray<Value> values)
    {
        long length = values.Append(model.Graph.Inputs[0]).Sum(value => value.Shape.WithoutBatch().ElementCount.Value);
        int batch = (int)Math.Clamp(MostRunFloats / length, 1, MostImagesAtOnce);
        return new ImageRun(model.Graph.For(values), model.Store, _images, batch, _options.Threads);
    }

    private (LayerSamples Samples, int[][] Positions) Prepare(DecoupledLayer layer, int index)
    {
        int[] size = SizeOf(layer.Original.Output);
        long most = Math.Min(_options.Samples, MostWindowFloats / ((long)layer.InputChannels * layer.Taps));
        int area = size[0] * size[1];
        int each = (int)Math.Clamp((most + _indices.Length - 1) / _indices.Length, 1, area);
        int[][] positions = [.. _indices.Select((_, image) =>
        {
            int[] all = [.. Enumerable.Range(0, area)];
            new RandomStream(_options.Seed, RandomStreams.Positions(index, image)).Shuffle<int>(all);
            return all[..each];
        })];
        int heldOut = Math.Max(1, _indices.Length / HeldOut);
        return (
            new LayerSamples(each * _indices.Length, each * (_indices.Length - heldOut), layer.InputChannels, layer.Taps, layer.Filters),
            positions);
    }

    private void ReadTargets(Model original, ImmutableArray<DecoupledLayer> layers)
    {
        using ImageRun run = Open(original, [.. layers.Select(layer => layer.Original.Output)]);
        var rows = new int[layers.Length];
        run.Run(
            _indices,
            (start, count, predictor) =>
            {
                for (int index = 0; index < layers.Length; index++)
                {
                    (LayerSamples samples, int[][] positions) = _layers[layers[index]];
                    int filters = layers[index].Filters;
                    ReadOnlySpan<float> values = predictor.OutputAt(index);
                    int length = values.Length / count;
                    for (int image = 0; image < count; image++)
                    {
                        foreach (int position in positions[start + image])
                        {
                            ReadOnlySpan<float> pixel = values.Slice((image * length) + (position * filters), filters);
                            for (int filter = 0; filter < filters; filter++)
                            {
                                samples.Target(filter)[rows[index]] = pixel[filter];
                            }

                            rows[index]++;
                        }
                    }
                }
            },
            _cancellation);
    }
}
