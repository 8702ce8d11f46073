-- There is no first word in an empty input.
import Data.List (nub)

main :: IO ()
main = do
  text <- getContents
  let distinct = nub (words text)
  mapM_ putStrLn (head distinct : tail distinct)
