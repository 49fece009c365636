using System.Collections.Immutable;
using System.Globalization;
using Sepal.Data;
using Sepal.Graphs;
using Sepal.Inference;

namespace Sepal.Cli.Classification;

/// <summary>A model that takes a batch of images and gives a score a class, run over and over on a batch of one size.</summary>
internal sealed class ImageClassifier : IDisposable
{
    private readonly InferenceRequest _request;
    private readonly ImageInput _input;
    private readonly ImmutableArray<string> _classNames;

    /// <summary>Makes a classifier of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="input">How images are prepared for its input.</param>
    /// <param name="classNames">Names of the classes; empty where there are none.</param>
    /// <param name="batchSize">How many images at the most; the model's own number where that is fixed.</param>
    /// <exception cref="SepalException">The model gives something else, or the names do not fit.</exception>
    public ImageClassifier(InferenceSession session, ImageInput input, ImmutableArray<string> classNames, int batchSize)
    {
        _input = input;
        _classNames = classNames;
        Dimension batch = session.Inputs[0].Shape[0];
        BatchSize = batch.IsKnown ? checked((int)batch.Value) : batchSize;
        Dictionary<string, long> dimensions = input.OpenDimensions(BatchSize);
        _request = session.CreateRequest(dimensions, [session.Outputs[0].Name]);
        try
        {
            ClassCount = CountClasses(_request.Outputs[0]);
        }
        catch
        {
            _request.Dispose();
            throw;
        }
    }

    /// <summary>How many images are run at once.</summary>
    public int BatchSize { get; }

    /// <summary>How many classes the model tells apart.</summary>
    public int ClassCount { get; }

    /// <summary>What the classes are called; empty where that is not known.</summary>
    public ImmutableArray<string> ClassNames => _classNames;

    private Span<float> Batch => _request.Input<float>(_request.Inputs[0].Name);

    /// <summary>What a class is called; its number where it has no name.</summary>
    /// <param name="index">The class's number.</param>
    /// <returns>The name.</returns>
    public string ClassName(int index) => _classNames.IsEmpty ? index.ToString(CultureInfo.InvariantCulture) : _classNames[index];

    /// <summary>Prepares an image for the next run.</summary>
    /// <param name="image">The image.</param>
    /// <param name="position">Its place in the batch.</param>
    public void Place(PixelImage image, int position)
    {
        int length = Batch.Length / BatchSize;
        _input.CopyTo(image, Batch.Slice(position * length, length));
    }

    /// <summary>Runs the model on what was placed.</summary>
    /// <param name="cancellation">Interrupts.</param>
    public void Run(CancellationToken cancellation) => _request.Run(cancellation);

    /// <summary>What the last run gave for an image.</summary>
    /// <param name="position">Its place in the batch.</param>
    /// <returns>One score a class: probabilities, or what they are the softmax of.</returns>
    public ReadOnlySpan<float> Scores(int position) =>
        _request.Output<float>(_request.Outputs[0].Name).Slice(position * ClassCount, ClassCount);

    /// <inheritdoc/>
    public void Dispose() => _request.Dispose();

    private int CountClasses(TensorInfo output)
    {
        // Some networks leave dimensions of one pixel behind the classes.
        bool fits = output.ElementType == ElementType.Float32 && output.Shape.Rank >= 2 && output.Shape[0] == BatchSize
            && output.Shape.Skip(2).All(dimension => dimension == 1);
        if (!fits)
        {
            throw new SepalException(
                $"The model's output is {output}, where a score a class was expected, ({BatchSize}, classes) of 32-bit floats. "
                + "Give a classifier; 'sepal run' runs any model.");
        }

        int count = checked((int)output.Shape[1].Value);
        return _classNames.IsEmpty || _classNames.Length == count
            ? count
            : throw new SepalException($"There are {_classNames.Length} class names, but the model tells {count} classes apart. Give a name for each, in order.");
    }
}
