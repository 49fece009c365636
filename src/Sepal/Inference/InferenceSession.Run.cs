using System.Collections.Immutable;
using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Onnx.Import;

namespace Sepal.Inference;

/// <content>Runs over a bounded pool of requests.</content>
public sealed partial class InferenceSession
{
    /// <summary>Runs a model of one input, 32-bit floats in and out. Safe to call from many threads at once.</summary>
    /// <param name="input">The input, in the model's axis order.</param>
    /// <param name="cancellationToken">Ends the run between two kernel calls.</param>
    /// <returns>The first output.</returns>
    /// <exception cref="SepalException">The input does not fit, or the model has several inputs or computes other types.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor<float> Run(ReadOnlyTensorSpan<float> input, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Inputs.Length != 1)
        {
            throw new SepalException(
                $"The model has {Inputs.Length} inputs, but one tensor was given. Give all by name: {string.Join(", ", Inputs)}.");
        }

        Shape shape = TensorData.ShapeOf(input);
        InputShapes.Require(Inputs[0], shape, ElementType.Float32);
        if (Outputs[0].ElementType != ElementType.Float32)
        {
            throw new SepalException(
                $"The output '{Outputs[0].Name}' is of the type {Outputs[0].ElementType}, not Float32. Give the input by name to get a result of any type.");
        }

        TensorData? elements = _source.Specialization > Specialization.None ? TensorData.Of(input) : null;
        InferenceRequest request = Rent([shape], [elements], outputs: null, cancellationToken);
        try
        {
            input.FlattenTo(request.Input<float>(Inputs[0].Name));
            request.Run(cancellationToken);
            TensorInfo output = request.Outputs[0];
            return TensorData.ToTensor(request.Output<float>(output.Name).ToArray(), output.Shape);
        }
        finally
        {
            Return(request);
        }
    }

    /// <summary>Runs the model. Safe to call from many threads at once.</summary>
    /// <param name="inputs">All inputs by name, in the model's axis order.</param>
    /// <param name="cancellationToken">Ends the run between two kernel calls.</param>
    /// <returns>The model's outputs by name.</returns>
    /// <exception cref="SepalException">An input is missing or unknown or does not fit, or there is not enough memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyDictionary<string, TensorData> Run(
        IReadOnlyDictionary<string, TensorData> inputs, CancellationToken cancellationToken = default) =>
        Run(inputs, outputs: null, cancellationToken);

    /// <summary>Runs the model and returns any of its values, inner ones too. Safe to call from many threads at once.</summary>
    /// <param name="inputs">All inputs by name, in the model's axis order.</param>
    /// <param name="outputs">Names of the values to compute; the model's outputs where null.</param>
    /// <param name="cancellationToken">Ends the run between two kernel calls.</param>
    /// <returns>The values by name.</returns>
    /// <exception cref="SepalException">
    /// An input is missing or unknown or does not fit, an output does not exist, or there is not enough memory.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyDictionary<string, TensorData> Run(
        IReadOnlyDictionary<string, TensorData> inputs, IReadOnlyList<string>? outputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ImmutableArray<TensorData> tensors = InOrder(inputs);
        InferenceRequest request = Rent([.. tensors.Select(tensor => tensor.Shape)], tensors!, Names(outputs), cancellationToken);
        try
        {
            for (int index = 0; index < tensors.Length; index++)
            {
                tensors[index].Bytes.Span.CopyTo(request.InputBytes(index));
            }

            request.Run(cancellationToken);
            var results = new OrderedDictionary<string, TensorData>(StringComparer.Ordinal);
            for (int index = 0; index < request.Outputs.Length; index++)
            {
                results[request.Outputs[index].Name] = request.OutputData(index);
            }

            return results;
        }
        finally
        {
            Return(request);
        }
    }

    private ImmutableArray<TensorData> InOrder(IReadOnlyDictionary<string, TensorData> inputs)
    {
        HashSet<string> names = [.. Inputs.Select(input => input.Name)];
        if (inputs.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new SepalException($"The model has no input '{unknown}'. Its inputs: {string.Join(", ", Inputs)}.");
        }

        var tensors = ImmutableArray.CreateBuilder<TensorData>(Inputs.Length);
        foreach (TensorInfo input in Inputs)
        {
            if (!inputs.TryGetValue(input.Name, out TensorData? tensor))
            {
                throw new SepalException($"The input '{input.Name}' {input.ElementType} {input.Shape} was not given. Give all inputs: {string.Join(", ", Inputs)}.");
            }

            InputShapes.Require(input, tensor.Shape, tensor.ElementType);
            tensors.Add(tensor);
        }

        // Before anything is compiled, and by the names that the caller used.
        _ = InputShapes.Symbols(
            [.. Inputs.Select(input => input.Shape)], [.. tensors.Select(tensor => tensor.Shape)], [.. Inputs.Select(input => input.Name)]);
        return tensors.MoveToImmutable();
    }

    private InferenceRequest Rent(
        ImmutableArray<Shape> shapes, ImmutableArray<TensorData?> tensors, ImmutableArray<string>? outputs, CancellationToken cancellation)
    {
        _free.Wait(cancellation);
        try
        {
            while (true)
            {
                Specialization level = _source.Specialization;
                try
                {
                    return _plans.Rent(new PlanKey(shapes, [.. tensors.Select(tensor => Deciding(level, tensor))], outputs));
                }
                catch (NeedsValueException) when (_source.Widen(level))
                {
                    // With more of the inputs known, the graph may be made.
                }
            }
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    private static TensorData? Deciding(Specialization level, TensorData? tensor) =>
        tensor is not null && OnnxGraphSource.Decides(level, tensor.ElementType, tensor.Shape) ? tensor : null;

    private void Return(InferenceRequest request)
    {
        _plans.Return(request);
        _free.Release();
    }
}
