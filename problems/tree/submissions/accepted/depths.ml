let () =
  Scanf.scanf " %d" (fun n ->
    let depths = Array.make n 0 in
    for node = 1 to n - 1 do
      Scanf.scanf " %d" (fun parent -> depths.(node) <- depths.(parent) + 1)
    done;
    Printf.printf "%d\n" (Array.fold_left max 0 depths))
